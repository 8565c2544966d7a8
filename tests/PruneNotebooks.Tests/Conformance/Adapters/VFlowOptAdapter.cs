using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class VFlowOptAdapter
{
    [Adapter("vflowopt", "patch_entropy")]
    static Outputs Entropy(GoldenCase golden)
    {
        var entropy = PatchEntropy.Of(golden["pixels"], golden.Int("patch"));
        return new() { { "entropy", entropy }, { "entropy_softmax", entropy.softmax(0) } };
    }

    [Adapter("vflowopt", "importance")]
    static Outputs Importance(GoldenCase golden)
    {
        var importance = FlowImportance.Of(golden["attention"], golden.Double("t"), golden.Has("entropy") ? golden["entropy"] : null, golden.Number("alpha") ?? 0);
        return new() { { "important", importance.Important }, { "scores", importance.Scores } };
    }

    [Adapter("vflowopt", "schedule")]
    static Outputs Schedule(GoldenCase golden)
    {
        int[][] layers = [.. golden.Ints("layers").Chunk(3)];
        double[] first = Numbers("r1"), second = Numbers("r2"), target = Numbers("target");
        double[] third = [.. layers.Select((stages, i) => StagedRetention.Last(stages, [first[i], second[i]], target[i]))];
        return new() { { "r3", third }, { "average", layers.Select((stages, i) => StagedRetention.Average(stages, [first[i], second[i], third[i]])) } };

        double[] Numbers(string name) => Array.ConvertAll(golden[name].data<float>().ToArray(), number => (double)number);
    }

    [Adapter("vflowopt", "recycle")]
    static Outputs Recycle(GoldenCase golden)
    {
        int[] sides = golden.Ints("grid");
        var grid = new TokenGrid(sides[0], sides[1]);
        var ranking = Ranking.Of(golden["importance"]);
        double side = golden.Double("a");
        int drop = Rounding.HalfToEven.Apply(grid.Count * (1 - golden.Double("retain"))), extra = (int)(grid.Count / (side * side));
        // The choice that the budget allows, and what the published count makes of the others; a budget of nothing recycles all.
        var context = new PruningContext(golden["features"], grid);
        using var selection = new RecycledCells(side, Exact: false).Apply(context, ranking, new Chosen(ranking.Top(grid.Count - drop)), grid.Count - drop);
        int cells = selection.Count - grid.Count + Math.Min(grid.Count, drop + extra);
        return new()
        {
            { "keep", selection.Kept },
            { "features", selection.Features!.clone() },
            { "importance", selection.Kept.Select(token => ranking.Scores[token]) },
            { "counts", new long[] { drop, extra, cells, selection.Count } },
        };
    }

    [Adapter("vflowopt", "llm_stages")]
    static Outputs LaterStages(GoldenCase golden)
    {
        var importance = golden["importance"];
        int tokens = (int)importance.shape[0];
        var layout = new PromptLayout(golden.Int("sequence_length"), [new(golden.Int("visual_start"), tokens)]);
        long[] living = [.. Enumerable.Range(0, tokens).Select(i => (long)i)];
        Outputs outputs = [];
        foreach (var (i, share) in golden.Numbers("retain").Index())
        {
            var context = new PruningContext(zeros(living.Length, 1)).With(new Signal.EarlierScores(), importance.index_select(0, tensor(living, ScalarType.Int64)));
            int count = living.Length - Rounding.HalfToEven.Apply(living.Length * (1 - share));
            living = [.. VFlowOpt.Later.Select(context, count == 0 ? TokenBudget.Nothing : count).Kept.Select(token => living[token])];
            outputs.Add($"keep_stage{i + 2}", living);
            outputs.Add($"position_ids_stage{i + 2}", layout.SequenceKeep([living]));
        }
        return outputs;
    }
}
