using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

/// <summary>Methods that merge, reorder or add tokens, in a whole model.</summary>
public sealed class MergingTests : IDisposable
{
    const string Question = "what colour is the circle ?";

    readonly Vlm model = Vlm.Load("scene-llava", CPU);

    readonly Prompt prompt;

    public MergingTests() => prompt = model.Ask(Question, PruneNotebooks.Scenes.Scenes.HeldOut(1).First().Image);

    public void Dispose() => model.Dispose();

    [Theory]
    [InlineData("tome")]
    [InlineData("visionzip")]
    [InlineData("vispruner")]
    [InlineData("prumerge")]
    [InlineData("prumerge+")]
    [InlineData("vscan")]
    public void The_decoder_gets_as_many_tokens_as_the_budget_says(string slug)
    {
        foreach (int keep in (int[])[36, 1])
            Assert.Equal(keep, model.Answer([prompt], MethodCatalogue.Find(slug).Plan(keep, model.Dimensions))[0].Trace.KeptVisualTokens);
    }

    // What keeps all tokens as they are changes nothing.
    [Theory]
    [InlineData("tome")]
    [InlineData("vispruner")]
    [InlineData("vscan")]
    public void A_budget_of_all_tokens_is_the_full_model(string slug)
    {
        var full = model.Answer([prompt], PruningPlan.None)[0];
        var all = model.Answer([prompt], MethodCatalogue.Find(slug).Plan(TokenBudget.All, model.Dimensions))[0];
        Assert.Equal(full.Text, all.Text);
        Assert.Equal(full.Confidence, all.Confidence, tolerance: 1e-5);
    }

    [Fact]
    public void An_adaptive_method_lets_the_picture_decide()
    {
        var pruner = new PruMerge { Adaptive = true };
        int kept = model.Answer([prompt], PruningPlan.At(Stage.Tower, pruner, 7))[0].Trace.KeptVisualTokens;
        Assert.InRange(kept, 1, 1 + 144 / 4);
        int more = model.Answer([prompt], PruningPlan.At(Stage.Tower, new PruMergePlus { Adaptive = true }, 7))[0].Trace.KeptVisualTokens;
        Assert.True(more > kept, $"{more} tokens with even steps, {kept} without");
    }
}
