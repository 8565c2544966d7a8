using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class InformationHorizonAdapter
{
    [Adapter("information-horizon", "windows")]
    static Outputs WindowsOfAGrid(GoldenCase golden)
    {
        var windows = Windows(golden);
        int[] all = [.. Enumerable.Range(0, windows.Count)];
        return new()
        {
            { "x", all.Select(w => windows.Column(w) + 1L) },
            { "y", all.Select(w => windows.Row(w) + 1L) },
            { "window_tokens", tensor([.. all.SelectMany(windows.Tokens)], [windows.Count, windows.Size * windows.Size]) },
        };
    }

    [Adapter("information-horizon", "information")]
    static Outputs Information(GoldenCase golden)
    {
        var windows = Windows(golden);
        var information = TokenInformation.Of(golden["logits"], golden["logits_text"], golden.Ints("label")[0]);
        // The order is that of the probabilities: subtracting the baseline would only round.
        long[] keep = [.. Ranking.Of(tensor(windows.ToTokens(information.Probabilities))).Top(golden.Int("save_num")).Order()];
        long[] stays = new PromptLayout(golden.Int("sequence_length"), [new(golden.Int("visual_start"), windows.Grid.Count)]).SequenceKeep([keep]);
        return new()
        {
            { "probabilities", information.Probabilities },
            { "text_probability", [information.TextProbability] },
            { "window_information", information.Values },
            { "scores", windows.ToTokens(information.Values) },
            { "keep", keep },
            { "keep_sequence", stays },
            { "position_ids", stays },      // Positions.Keep
        };
    }

    [Adapter("information-horizon", "horizon")]
    static Outputs Horizon(GoldenCase golden)
    {
        var curve = InformationCurve.Of(golden["information"], (int)(golden.Number("first_layer") ?? 1));
        return new()
        {
            { "mean", curve.Mean },
            { "std", curve.Deviation },
            { "max_abs", curve.LargestAbsolute },
            { "horizon", new long[] { curve.Horizon(golden.Number("epsilon") ?? InformationCurve.DefaultEpsilon) ?? -1 } },
        };
    }

    [Adapter("information-horizon", "random_prune")]
    static Outputs RandomPrune(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual_length"));
        var kept = Given(golden["sample"].data<long>().ToArray(), image.Length);
        long[] stays = new PromptLayout(golden.Int("sequence_length"), [image]).SequenceKeep([kept]);
        return new() { { "keep", kept }, { "keep_sequence", stays }, { "position_ids", Renumbered(stays.Length) } };
    }

    [Adapter("information-horizon", "divprune_random")]
    static Outputs DivPruneThenRandom(GoldenCase golden)
    {
        var features = golden["features"];
        int tokens = (int)features.shape[0], first = golden.Int("stage1_keep"), second = golden.Int("random_keep"), start = golden.Int("visual_start");
        using var survivors = new DivPrune().Select(new PruningContext(features), first);
        var drawn = Given(golden["sample"].data<long>().ToArray(), first);
        long[] stays = new PromptLayout(start + first + golden.Int("text_after"), [new(start, first)]).SequenceKeep([drawn]);
        var plan = PruningPlan.At(Stage.Decoder(golden.Int("stage1_layer")), new DivPrune(), first).Then(Stage.Decoder(golden.Int("random_layer")), new RandomTokens(), second);
        return new()
        {
            { "stage1_order", MaxMinDiversity.Choose(features, first).Order },
            { "stage1_keep", survivors.Kept },
            { "stage2_keep", drawn.Select(token => survivors.Kept[(int)token]) },
            { "keep_sequence", stays },
            { "position_ids", Renumbered(stays.Length) },
            { "average_tokens", [plan.VisualTokens(tokens, golden.Int("layers")).Average] },
        };
    }

    static TokenWindows Windows(GoldenCase golden) => new(new TokenGrid(golden.Ints("grid")[0], golden.Ints("grid")[1]), golden.Int("size"));

    // The generator of the official code is out of contract: the tokens that it drew are given.
    static IReadOnlyList<long> Given(long[] drawn, int tokens) => new GivenTokens([drawn]).Select(new PruningContext(zeros(tokens, 1)), drawn.Length).Kept;

    static IEnumerable<long> Renumbered(int count) => Enumerable.Range(0, count).Select(i => (long)i);
}
