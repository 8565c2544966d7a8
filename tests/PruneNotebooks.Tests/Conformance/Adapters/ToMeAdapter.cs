using System.Text.Json;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class ToMeAdapter
{
    [Adapter("tome", "merge")]
    static Outputs Merge(GoldenCase golden)
    {
        var (metric, features, sizes) = (golden["metric"], golden["features"], golden["size"]);
        int tokens = (int)metric.shape[0];
        var groups = BipartiteMatching.Of(metric, golden.Int("r"), golden.Flag("class_token"), golden.Flag("distill_token"));
        var merged = groups.Mean(features, sizes: sizes.squeeze(1));
        return new()
        {
            { "src", groups.Members },
            { "dst", groups.Assignment.Select(place => groups.Targets[place]) },
            { "unmerged", groups.Targets.Where(token => token % 2 == 0 || groups.Members.Length == 0) },
            { "features", merged },
            { "size", groups.Sum(sizes) },
            { "mean", groups.Mean(features) },
            { "unmerge", groups.Spread(merged, tokens) },
            { "source", groups.Sum(eye(tokens)) },      // tokens are in one group each, so that the sum is the maximum
        };
    }

    [Adapter("tome", "schedule")]
    static Outputs Schedule(GoldenCase golden)
    {
        var outputs = new Outputs();
        foreach (var (i, test) in golden.Items("cases").Index())
        {
            int layers = test.GetProperty("layers").GetInt32();
            var r = test.GetProperty("r");
            int[] merges = r.ValueKind switch
            {
                JsonValueKind.Number => MergeSchedule.Linear(layers, r.GetInt32()),
                JsonValueKind.Object => MergeSchedule.Linear(layers, r.GetProperty("r").GetInt32(), r.GetProperty("inflection").GetDouble()),
                _ => [.. r.EnumerateArray().Select(number => number.GetInt32()).Concat(Enumerable.Repeat(0, layers)).Take(Math.Max(layers, r.GetArrayLength()))],
            };
            outputs.Add($"r{i}", merges.Select(number => (long)number));
        }
        return outputs;
    }

    // A plain vision transformer around our matching.
    [Adapter("tome", "encoder")]
    static Outputs Encoder(GoldenCase golden)
    {
        int heads = golden.Int("heads"), layers = golden.Int("layers");
        int[] merges = MergeSchedule.Linear(layers, golden.Int("r"));
        var x = golden["features"];
        var (size, source) = (ones(x.shape[0], 1), eye(x.shape[0]));
        List<long> counts = [];
        for (int layer = 0; layer < layers; layer++)
        {
            var qkv = Norm(x).matmul(golden[$"layer{layer}.wqkv"].t()).view(x.shape[0], 3, heads, -1).permute(1, 2, 0, 3);
            var logits = qkv[0].matmul(qkv[1].transpose(1, 2)) / Math.Sqrt(qkv.shape[3]);
            if (golden.Flag("prop_attn")) logits += size.log().squeeze(1);
            var attended = logits.softmax(-1).matmul(qkv[2]).transpose(0, 1).flatten(1);
            x += attended.matmul(golden[$"layer{layer}.wproj"].t());
            var groups = BipartiteMatching.Of(qkv[1].mean([0]), merges[layer], golden.Flag("class_token"));
            (x, size, source) = (groups.Mean(x, sizes: size.squeeze(1)), groups.Sum(size), groups.Sum(source));
            x += nn.functional.gelu(Norm(x).matmul(golden[$"layer{layer}.w1"].t())).matmul(golden[$"layer{layer}.w2"].t());
            counts.Add(x.shape[0]);
        }
        return new() { { "features", x }, { "size", size }, { "source", source }, { "counts", counts } };
    }

    static Tensor Norm(Tensor x) => nn.functional.layer_norm(x, [x.shape[1]], eps: 1e-6);
}
