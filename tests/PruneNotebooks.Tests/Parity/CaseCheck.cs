using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Parity;

/// <summary>For the same checkpoint and the same input, every activation that the reference library recorded.</summary>
static class CaseCheck
{
    public static void Run(string path)
    {
        using var scope = NewDisposeScope();
        using var reference = new ReferenceCase(ReferenceModels.PathOf(path));
        string folder = ReferenceModels.PathOf(path.Split('/')[0]);
        if (ModelConfig.ModelType(folder) == "llava") CheckVlm(folder, reference);
        else CheckLanguageModel(folder, reference);
    }

    static void CheckVlm(string folder, ReferenceCase reference)
    {
        using var model = Vlm.Load(folder, CPU, ScalarType.Float32);
        using var recorder = new ActivationRecorder(name => reference.Has("expect." + name));
        var prompt = reference.Prompt(model.Config.ImageToken, model.VisualTokensPerImage);
        Tensor? pixels = reference.Has("input.pixel_values") ? reference.Tensor("input.pixel_values") : null;
        using var prefill = model.Prefill([prompt], recorder: recorder, pixels: pixels);
        CheckActivations(reference, recorder, "expect.");
        CheckLogits(reference, model.Decoder, prefill);
        Agreement.Check("position ids", prefill.PositionIds(0), reference.Longs("expect.position_ids"));
        Agreement.Check("greedy tokens", model.Continue(prefill, Greedy(reference))[0], reference.Longs("expect.greedy"));
    }

    static void CheckLanguageModel(string folder, ReferenceCase reference)
    {
        using var model = LanguageModel.Load(folder, CPU, ScalarType.Float32);
        using var recorder = new ActivationRecorder(name => reference.Has("expect." + name["decoder.".Length..]));
        using var prefill = model.Prefill([reference.Longs("input.input_ids")], recorder);
        CheckActivations(reference, recorder, "expect.", "decoder.");
        CheckLogits(reference, model.Decoder, prefill);
        Agreement.Check("greedy tokens", model.Continue(prefill, Greedy(reference))[0], reference.Longs("expect.greedy"));
    }

    static GenerationOptions Greedy(ReferenceCase reference) => new() { MaxTokens = reference.Longs("expect.greedy").Length, StopAtEnd = false };

    static void CheckActivations(ReferenceCase reference, ActivationRecorder recorder, string prefix, string ourPrefix = "")
    {
        foreach (string name in reference.Names(prefix).Where(name => name.Contains(".hidden.", StringComparison.Ordinal) || name.Contains("attention", StringComparison.Ordinal) || name.EndsWith("projector", StringComparison.Ordinal)))
        {
            var expected = reference.Tensor(name);
            var actual = recorder[ourPrefix + name[prefix.Length..]];
            if (actual.dim() == expected.dim() + 1) actual = actual.squeeze(0);
            // Of long prompts the reference keeps the last query rows only.
            if (name.Contains("attention", StringComparison.Ordinal)) actual = actual.narrow(-2, actual.shape[^2] - expected.shape[^2], expected.shape[^2]);
            Agreement.Check(name, actual, expected);
        }
    }

    static void CheckLogits(ReferenceCase reference, Decoder decoder, Prefill prefill)
    {
        var expected = reference.Tensor("expect.logits");
        using var grad = no_grad();
        var hidden = prefill.Hidden[0];
        Agreement.Check("logits", decoder.Logits(hidden.narrow(0, hidden.shape[0] - expected.shape[0], expected.shape[0])), expected);
    }
}
