using PruneNotebooks.Primitives;

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
}
