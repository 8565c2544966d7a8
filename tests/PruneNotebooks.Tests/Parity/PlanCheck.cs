using System.Text.Json;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Parity;

/// <summary>When visual tokens leave, what the reference layers compute without a cache is what our cached and fused path computes.</summary>
static class PlanCheck
{
    public static void Run(string path)
    {
        using var scope = NewDisposeScope();
        using var expected = new ReferenceCase(ReferenceModels.PathOf(path));
        string folder = ReferenceModels.PathOf(path.Split('/')[0]);
        string name = Path.GetFileNameWithoutExtension(path);
        using var input = new ReferenceCase(Path.Combine(folder, "cases", name.Split("--")[0] + ".safetensors"));
        using var model = Vlm.Load(folder, CPU, ScalarType.Float32);
        var prompt = input.Prompt(model.Config.ImageToken, model.VisualTokensPerImage);
        var method = name.Contains("--method-", StringComparison.Ordinal) ? new Remembering(Method(expected)) : null;
        var plan = method is null ? Given(expected, prompt) : PruningPlan.At(StageOf(expected.List("stages")[0]), method, Keep(expected)).With(PositionsOf(expected));

        using var prefill = model.Prefill([prompt], plan, pixels: input.Tensor("input.pixel_values"));
        Check(expected, model, prefill);
        if (expected.Has("expect.keep")) Agreement.Check("kept tokens", Kept(prefill, prompt), expected.Longs("expect.keep"));
        if (expected.Has("expect.scores")) Agreement.Check("scores", tensor(method!.Scores!.ToArray()), expected.Tensor("expect.scores"));
        Agreement.Check("greedy tokens", model.Continue(prefill, new() { MaxTokens = expected.Longs("expect.greedy").Length, StopAtEnd = false })[0], expected.Longs("expect.greedy"));
    }

    static void Check(ReferenceCase expected, Vlm model, Prefill prefill)
    {
        foreach (string name in expected.Names("expect.alive."))
        {
            int layer = int.Parse(name.Split('.')[^1], null);
            Agreement.Check(name, prefill.Alive(layer), expected.Longs(name));
            Agreement.Check($"position ids of layer {layer}", prefill.PositionIds(layer), expected.Longs($"expect.position_ids.{layer}"));
            Assert.Equal(expected.Longs(name).Length, prefill.Cache.Length(layer));
        }
        using var grad = no_grad();
        var hidden = prefill.Hidden[0];
        var logits = expected.Tensor("expect.logits");
        Agreement.Check("logits", model.Decoder.Logits(hidden.narrow(0, hidden.shape[0] - logits.shape[0], logits.shape[0])), logits);
        if (expected.Has("expect.hidden")) Agreement.Check("hidden", hidden, expected.Tensor("expect.hidden"));
    }

    // Which visual tokens, of all in the prompt, the last layer still saw.
    static IEnumerable<long> Kept(Prefill prefill, EncodedPrompt prompt)
    {
        long[] visual = [.. Enumerable.Range(0, prompt.Layout.Length).Where(i => prompt.Layout.ImageAt(i) >= 0).Select(i => (long)i)];
        return prefill.Alive(prefill.Cache.Layers - 1).Select(position => (long)Array.IndexOf(visual, position)).Where(ordinal => ordinal >= 0);
    }

    static Positions PositionsOf(ReferenceCase file) => file.Header("positions") == "keep" ? Positions.Keep : Positions.Renumber;

    static Stage StageOf(string text) => text == "projector" ? Stage.Projector : Stage.Decoder(int.Parse(text["decoder:".Length..], null));

    // A selection that was made elsewhere: ordinals among all visual tokens of the prompt, by stage.
    static PruningPlan Given(ReferenceCase file, EncodedPrompt prompt)
    {
        var plan = PruningPlan.None.With(PositionsOf(file));
        int tokens = prompt.Layout.Images[0].Length;
        foreach (var (stage, i) in file.List("stages").Select((stage, i) => (stage, i)))
            plan = plan.Then(StageOf(stage), GivenTokens.OfPrompt(file.Longs($"keep.{i}"), [.. prompt.Layout.Images.Select(image => image.Length)]), TokenBudget.All);
        return plan;
    }

    static int Keep(ReferenceCase file)
    {
        using var parameters = JsonDocument.Parse(file.Header("params"));
        return parameters.RootElement.GetProperty("keep").GetInt32();
    }

    static ITokenPruner Method(ReferenceCase file)
    {
        using var parameters = JsonDocument.Parse(file.Header("params"));
        var p = parameters.RootElement;
        return file.Header("method") switch
        {
            "divprune" => new DivPrune(),
            "fastervlm" => new FasterVlm { Layer = LayerOf(p.GetProperty("select_layer").GetInt32()) },
            "fastv" => new FastV(),
            "hiprune" => new HiPrune
            {
                Alpha = p.GetProperty("alpha").GetDouble(),
                ObjectLayer = Layer.Number(p.GetProperty("object_layer").GetInt32()),
                DeepLayer = LayerOf(p.GetProperty("select_layer").GetInt32()),
            },
            var unknown => throw new NotSupportedException($"No pruner is wired into models for the method '{unknown}' yet."),
        };
    }

    /// <summary>The method, and the scores that it gave.</summary>
    sealed record Remembering(ITokenPruner Inner) : ITokenPruner
    {
        public IReadOnlyList<float>? Scores { get; private set; }

        public Signals Needs => Inner.Needs;

        public TokenSelection Select(PruningContext context, TokenBudget budget)
        {
            var selection = Inner.Select(context, budget);
            Scores = selection.Scores;
            return selection;
        }
    }

    static Layer LayerOf(int index) => index < 0 ? Layer.FromEnd(-index) : Layer.Index(index);
}
