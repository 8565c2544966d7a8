using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Parity;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>Methods of several stages inside the decoder, run by a real model as their papers say.</summary>
public sealed class DecoderMethodsInTheModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    public static TheoryData<string> Slugs => ["pyramiddrop", "transprune", "adaptinfer", "sparsevlm", "hidrop"];

    [Theory, MemberData(nameof(Slugs))]
    public void Every_layer_sees_what_the_plan_says(string slug)
    {
        var plan = MethodCatalogue.Find(slug).Plan(18, model.Vlm.Dimensions);
        var prompt = model.Prompt();
        using var prefill = model.Vlm.Prefill([prompt], plan);
        int text = prompt.Ids.Count - 144;
        Assert.Equal(plan.VisualTokens(144, 10).ByLayer, Enumerable.Range(0, 10).Select(layer => prefill.Alive(layer).Count - text));
        for (int layer = 0; layer < 10; layer++)
        {
            Assert.Equal(prefill.Alive(layer).Count, prefill.Cache.Length(layer));
            long[] positions = [.. prefill.PositionIds(layer)];
            Assert.Equal(positions.Distinct().Order(), positions.Order());
        }
    }

    [Theory, MemberData(nameof(Slugs))]
    public void A_prompt_is_read_the_same_in_a_batch_of_others(string slug)
    {
        var plan = MethodCatalogue.Find(slug).Plan(18, model.Vlm.Dimensions);
        EncodedPrompt[] prompts = [model.Prompt(scene: 0, question: 0), model.Prompt(scene: 1, question: 2)];
        using var together = model.Vlm.Prefill(prompts, plan);
        for (int i = 0; i < prompts.Length; i++)
        {
            using var scope = NewDisposeScope();
            using var alone = model.Vlm.Prefill([prompts[i]], plan);
            for (int layer = 0; layer < 10; layer++) Assert.Equal(alone.Alive(layer), together.Alive(layer, i));
            Agreement.Check(slug, together.Logits[i], alone.Logits[0], 1e-4);
        }
    }

    [Theory, InlineData("pyramiddrop"), InlineData("transprune"), InlineData("adaptinfer"), InlineData("sparsevlm")]
    public void A_plan_that_keeps_everything_changes_nothing(string slug)
    {
        var prompt = model.Prompt();
        using var plain = model.Vlm.Prefill([prompt]);
        using var kept = model.Vlm.Prefill([prompt], MethodCatalogue.Find(slug).Plan(TokenBudget.All, model.Vlm.Dimensions));
        Agreement.Check(slug, kept.Logits, plain.Logits, 1e-5);
    }
}
