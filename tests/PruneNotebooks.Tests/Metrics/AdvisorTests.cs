using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;
using DrawnScenes = PruneNotebooks.Scenes.Scenes;

namespace PruneNotebooks.Tests.Metrics;

public sealed class AdvisorTests(AdvisorTests.Studied studied) : IClassFixture<AdvisorTests.Studied>
{
    public sealed class Studied : IDisposable
    {
        public EmbeddedModel Model { get; } = new();

        public IReadOnlyList<Probe> Probes { get; } = DrawnScenes.DrawMany(4_100_000_000, 4).Probes();

        public IReadOnlyList<(string Name, PruningPlan Plan)> Candidates { get; } =
        [
            .. from keep in new[] { 0.5, 0.25 }
               from method in new ITokenPruner[] { new RandomTokens(), new FasterVlm(), new DivPrune() }
               select ($"{method.GetType().Name} {keep:P0}", PruningPlan.At(Stage.Projector, method, keep)),
        ];

        public Advisor Advisor { get; }

        public Studied() => Advisor = Advisor.Study(Model.Vlm, Probes, Candidates, new() { Layers = [0], WindowSize = 4 });

        public void Dispose() => Model.Dispose();
    }

    [Fact]
    public void Advice_costs_no_more_than_allowed_and_keeps_most_information_of_what_does()
    {
        foreach (string category in studied.Advisor.Map.Categories)
        {
            var advice = studied.Advisor.Advise(category, 40);
            Assert.True(advice.AverageTokens <= 40);
            Assert.Equal(advice.AverageTokens, advice.Plan.VisualTokens(144, 10).Average, tolerance: 1e-9);
            foreach (var (name, plan) in studied.Candidates.Where(candidate => candidate.Plan.VisualTokens(144, 10).Average <= 40))
                Assert.True(studied.Advisor.Information(name, category) <= advice.Information + 1e-6, $"{category}: {name} keeps more than {advice}");
            Assert.True(advice.Evidence.Count >= 4);
            int horizon = studied.Advisor.Map.Of(category).Withdrawal.Horizon();
            Assert.Equal(horizon < 10, advice.Plan.Steps[^1].Budget == TokenBudget.Nothing);
        }
    }

    [Fact]
    public void The_cheapest_keeps_what_was_asked_for()
    {
        string category = studied.Advisor.Map.Categories[0];
        double most = studied.Candidates.Max(candidate => studied.Advisor.Information(candidate.Name, category));
        Assert.True(studied.Advisor.Cheapest(category, most * 0.9).Information >= most * 0.9);
        Assert.Contains("the most is", Assert.Throws<ArgumentException>(() => studied.Advisor.Cheapest(category, 1.1)).Message, StringComparison.Ordinal);
        Assert.Contains("the cheapest costs", Assert.Throws<ArgumentException>(() => studied.Advisor.Advise(category, 0.1)).Message, StringComparison.Ordinal);
        Assert.Contains("no candidate", Assert.Throws<ArgumentException>(() => studied.Advisor.Information("nobody", category)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_tokens_hold_information_in_proportion_and_all_tokens_hold_all()
    {
        var map = studied.Advisor.Map;
        Assert.All(Enumerable.Range(0, map.Probes.Count), i =>
        {
            if (InformationRecall.Of(map, i, 0, [.. Enumerable.Range(0, 144).Select(token => (long)token)]) is { } all) Assert.Equal(1, all, tolerance: 1e-9);
            if (InformationRecall.Of(map, i, 0, []) is { } none) Assert.Equal(0, none);
        });
        double random = map.Categories.Average(category => studied.Advisor.Information($"RandomTokens {0.5:P0}", category));
        Assert.Equal(0.5, random, tolerance: 0.1);
    }

    [Fact]
    public void Regret_is_measured_on_other_pictures_and_never_negative()
    {
        var advisor = studied.Advisor;
        var advice = advisor.Map.Categories.Select(category => advisor.Advise(category, 40)).ToList();
        Assert.Contains("were studied", Assert.Throws<ArgumentException>(() => advisor.Evaluate(studied.Model.Vlm, advice, studied.Probes)).Message, StringComparison.Ordinal);
        foreach (var regret in advisor.Evaluate(studied.Model.Vlm, advice, DrawnScenes.HeldOut(3).Probes()))
        {
            Assert.True(regret.Lost.Value >= 0, $"{regret}");
            Assert.True(regret.Best.AverageTokens <= regret.Followed.AverageTokens + 1e-9);
            Assert.InRange(regret.Middle, 0, regret.Best.All.Value);
        }
    }

    [Fact]
    public void Accuracy_of_probes_is_that_of_scenes()
    {
        var plan = PruningPlan.At(Stage.Projector, new DivPrune(), 0.25);
        var scenes = DrawnScenes.HeldOut(3).ToList();
        var accuracy = ProbeAccuracy.Measure(studied.Model.Vlm, scenes.Probes(), [("dense", PruningPlan.None), ("div", plan)], batch: 7);
        Assert.Equal(SceneBenchmark.Measure(studied.Model.Vlm, scenes, plan).Answers.Select(answer => answer.IsRight), accuracy[1].Right);
        Assert.Equal((144, 36), (accuracy[0].AverageTokens, accuracy[1].AverageTokens));
        Assert.Equal(accuracy[1].All.Value - accuracy[0].All.Value, accuracy[1].Since(accuracy[0]).Value, tolerance: 1e-12);
    }

    [Fact]
    public void Withdrawal_leaves_no_visual_token()
    {
        var plan = PruningPlan.At(Stage.Projector, new DivPrune(), 0.5).ThenWithdraw(Stage.Decoder(7));
        var trace = studied.Model.Vlm.Answer(studied.Model.Scenes[0].Image, "how many things ?", plan).Trace;
        Assert.Equal([72, 72, 72, 72, 72, 72, 72, 0, 0, 0], trace.VisualTokens);
        Assert.Contains("withdrawal", $"{plan}", StringComparison.Ordinal);
    }
}
