using PruneNotebooks.Bench;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;
using DrawnScenes = PruneNotebooks.Scenes.Scenes;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class FinalStateTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    readonly List<Prompt> prompts = [.. DrawnScenes.HeldOut(3).Select(scene => model.Vlm.Ask(scene.Questions[0].Text, scene.Image))];

    [Theory]
    [InlineData("divprune")]
    [InlineData("vflowopt")]
    [InlineData("flowcut")]           // inside the tower: cannot share the look at the pictures
    [InlineData("smaller-picture")]
    public void It_is_the_last_token_behind_the_norm_and_does_not_depend_on_neighbours(string method)
    {
        var plan = MethodCatalogue.Find(method).Plan(36, model.Vlm.Dimensions);
        var together = FinalState.Cosines(model.Vlm, prompts, [PruningPlan.At(Stage.Projector, new RandomTokens(), 36), plan], batch: 2)[1];
        foreach (var (prompt, cosine) in prompts.Zip(together))
        {
            using var scope = NewDisposeScope();
            Assert.Equal(nn.functional.cosine_similarity(Last(prompt, PruningPlan.None), Last(prompt, plan), 0).item<float>(), cosine, tolerance: 1e-4);
        }

        Tensor Last(Prompt prompt, PruningPlan plan)
        {
            using var read = model.Vlm.Prefill([model.Vlm.Encode(prompt, plan)], plan);
            return model.Vlm.Decoder.Normalise(read.Hidden[0, -1]);
        }
    }

    [Fact]
    public void Plans_that_change_nothing_leave_it_and_withdrawal_turns_it_most()
    {
        var cosines = FinalState.Cosines(model.Vlm, prompts, [PruningPlan.None, PruningPlan.At(Stage.Projector, new DivPrune(), 0.5), PruningPlan.None.ThenWithdraw(Stage.Projector)]);
        Assert.All(cosines[0], cosine => Assert.Equal(1, cosine, tolerance: 1e-9));
        Assert.True(cosines[1].Average() < 1);
        Assert.True(cosines[2].Average() < cosines[1].Average());
    }

    [Fact]
    public void Strategies_meet_the_average_and_the_search_beats_chance()
    {
        var dimensions = model.Vlm.Dimensions;
        var random = VFlowSearch.Random(0.2, dimensions, 12);
        var trials = VFlowSearch.Run(model.Vlm, prompts, 0.2, evaluations: 14, initial: 6);
        foreach (var strategy in random.Concat(trials.Select(trial => trial.Strategy)))
        {
            double average = VFlowOpt.Plan(strategy, dimensions).VisualTokens(dimensions.Tokens, dimensions.DecoderLayers).Average / dimensions.Tokens;
            Assert.Equal(0.2, average, tolerance: 1.0 / dimensions.Tokens);
            Assert.InRange(strategy.Third, 0, 1);
        }
        double chance = random.Average(strategy => FinalState.Cosines(model.Vlm, prompts, VFlowOpt.Plan(strategy, dimensions)).Average());
        Assert.True(trials.Max(trial => trial.Cosine) > chance);
        Assert.Equal(14, trials.Count);
    }

    [Fact]
    public void An_average_that_two_stages_exceed_is_refused() =>
        Assert.Contains("exceed an average of 0.1", Assert.Throws<ArgumentException>(() => VFlowStrategy.Solve(0.1, 0.5, 0.5, 1, 3, model.Vlm.Dimensions)).Message, StringComparison.Ordinal);
}
