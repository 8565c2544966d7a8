using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>Every method of the catalogue, in all of its stages, inside the embedded model.</summary>
public sealed class EveryMethodInTheModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    // What no model computes is given with the picture.
    internal static Prompt Ask(EmbeddedModel model, int scene, int question, PruningMethod method)
    {
        var prompt = model.Vlm.Ask(model.Scenes[scene].Questions[question].Text, model.Scenes[scene].Image);
        var needs = method.Plan(36, model.Vlm.Dimensions).Steps.SelectMany(step => step.Pruner.Needs).ToHashSet();
        var place = arange(144, ScalarType.Float32);
        if (needs.Contains(new Signal.PatchCentres())) prompt = prompt.With(0, new Signal.PatchCentres(), stack([place.remainder(12), place.div(12, RoundingMode.floor), place.mul(7).remainder(5)], 1));
        if (needs.Contains(new Signal.ObjectMasks())) prompt = prompt.With(0, new Signal.ObjectMasks(), stack([place.lt(70), place.ge(70)]).to_type(ScalarType.Float32));
        return prompt;
    }

    Prompt Ask(int scene, int question, PruningMethod method) => Ask(model, scene, question, method);

    public static TheoryData<string> Slugs => [.. MethodCatalogue.All.Select(method => method.Slug)];

    [Theory, MemberData(nameof(Slugs))]
    public void It_decides_the_same_whoever_else_is_in_the_batch(string slug)
    {
        using var scope = NewDisposeScope();
        var method = MethodCatalogue.Find(slug);
        var plan = method.Plan(36, model.Vlm.Dimensions);
        Prompt[] prompts = [Ask(0, 0, method), Ask(1, 3, method), Ask(0, 4, method)];
        var options = new GenerationOptions { MaxTokens = 3, StopAtEnd = false };
        var together = model.Vlm.Answer(prompts, plan, options);
        int[] order = [2, 0, 1];
        var shuffled = model.Vlm.Answer([.. order.Select(i => prompts[i])], plan, options);
        for (int i = 0; i < prompts.Length; i++)
        {
            var alone = model.Vlm.Answer([prompts[i]], plan, options)[0];
            foreach (var other in new[] { together[i], shuffled[Array.IndexOf(order, i)] })
            {
                Assert.Equal(alone.Trace.Stages.Select(stage => stage.Kept), other.Trace.Stages.Select(stage => stage.Kept));
                Assert.Equal(alone.Tokens, other.Tokens);
                Assert.Equal(alone.Confidence, other.Confidence, 1e-3);
            }
        }
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Its_plan_says_how_many_tokens_each_layer_sees(string slug)
    {
        using var scope = NewDisposeScope();
        var method = MethodCatalogue.Find(slug);
        foreach (int keep in new[] { 72, 14 })
        {
            var plan = method.Plan(keep, model.Vlm.Dimensions);
            var trace = model.Vlm.Answer([Ask(1, 0, method)], plan, new GenerationOptions { MaxTokens = 1 })[0].Trace;
            Assert.All(trace.VisualTokens, count => Assert.InRange(count, 0, 144));
            if (method.Counting is not null) continue;
            Assert.Equal(plan.VisualTokens(144, 10).ByLayer, trace.VisualTokens);
            Assert.True(trace.AverageVisualTokens < 144, $"{trace.AverageVisualTokens} tokens on average");
        }
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Its_plan_can_be_made_as_cheap_as_another(string slug)
    {
        var method = MethodCatalogue.Find(slug);
        foreach (double average in new[] { 72.0, 36, 9 })
        {
            var plan = method.PlanForAverage(average, model.Vlm.Dimensions);
            double least = method.Plan(1, model.Vlm.Dimensions).VisualTokens(144, 10).Average;
            if (least > average) Assert.Null(plan);
            else Assert.InRange(plan!.VisualTokens(144, 10).Average, Math.Min(least, average - 10), average);
        }
    }
}
