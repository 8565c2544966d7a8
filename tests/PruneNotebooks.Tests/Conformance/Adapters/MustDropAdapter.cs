using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class MustDropAdapter
{
    [Adapter("mustdrop", "spatial_merge")]
    static Outputs SpatialMerge(GoldenCase golden)
    {
        var (hidden, grid, window) = (golden["hidden_states"], golden.Ints("grid"), golden.Numbers("window"));
        var windows = new WindowMerging(new TokenGrid(grid[0], grid[1]), (int)window[0], (int)window[1]);
        Tensor[] crops = [.. hidden.unbind(0).Select(crop => crop.narrow(0, 1, crop.shape[0] - 1))];
        var method = new MergedWindows((int)window[0], (int)window[1]) { Threshold = golden.Number("retained_tokens") is null ? golden.Double("threshold") : null };
        var contexts = crops.Select(crop => new PruningContext(crop, windows.Grid)).ToArray();
        // The budget counts the class token; one below it merges all.
        var budget = golden.Number("retained_tokens") is { } retained ? TokenBudget.Count((int)Math.Clamp(retained - 1, 1, windows.Grid.Count)) : TokenBudget.All;
        var merged = method.SelectJointly(contexts, budget);
        int count = (windows.Grid.Count - merged[0].Count) / (windows.Size - 1);
        long[][] order = [.. crops.Select(crop => Ranking.Of(windows.Likeness(crop)).Top(count))];
        return new()
        {
            { "scores", stack(crops.Select(windows.Likeness)) },
            { "windows", Table(order) },
            { "untouched", Table(merged.Select(selection => selection.Order.Skip(count).ToArray())) },
            { "features", stack(crops.Select((crop, i) => cat([hidden[i].narrow(0, 0, 1), merged[i].Features ?? crop]))) },
            { "size", stack(crops.Select(_ => cat([ones(1), full([count], windows.Size, ScalarType.Float32), ones(merged[0].Count - count)]))) },
        };

        static Tensor Table(IEnumerable<long[]> rows) => stack(rows.Select(row => tensor(row, ScalarType.Int64)));
    }

    [Adapter("mustdrop", "key_set")]
    static Outputs KeySet(GoldenCase golden)
    {
        Ranking[] crops = [.. golden["cls_attention"].unbind(0).Select(Ranking.ByAttention)];
        int tokens = crops[0].Count, count = TokenBudget.Ratio(golden.Number("keep_rate") ?? 0.08, Rounding.Up).Resolve(tokens);
        return new()
        {
            { "scores", stack(crops.Select(crop => tensor(crop.Scores))) },
            { "order", stack(crops.Select(crop => tensor(crop.Top(count), ScalarType.Int64))) },
            { "key_set", crops.SelectMany((crop, i) => crop.Top(count).Order().Select(token => token + (long)i * tokens)) },
        };
    }

    [Adapter("mustdrop", "filter")]
    static Outputs Filter(GoldenCase golden)
    {
        var attention = golden["attention"];
        int start = golden.Int("sys_len"), tokens = golden.Int("image_len"), length = (int)attention.shape[1], end = start + tokens;
        var filter = TextFilter.Of(attention.narrow(1, end, length - end).narrow(2, start, tokens));
        long[] important = Strong(filter, golden), key = golden["key_set"].data<long>().ToArray(), keep = [.. important.Union(key).Order()];
        long[] stays = new PromptLayout(length, [new(start, tokens)]).SequenceKeep([keep]);
        return new()
        {
            { "global", filter.Global },
            { "individual", filter.Individual },
            { "important", important },
            { "keep", keep },
            { "key_set", key.Select(token => (long)Array.IndexOf(keep, token)) },
            { "sequence_keep", stays },
            { "position_ids", Enumerable.Range(0, stays.Length).Select(i => (long)i) },
        };
    }

    [Adapter("mustdrop", "prefill")]
    static Outputs Prefill(GoldenCase golden)
    {
        var attention = golden["attention"];
        int start = golden.Int("sys_len"), tokens = golden.Int("image_len"), layers = golden.Int("layers"), text = (int)attention.shape[2];
        int[] pruning = Array.ConvertAll(golden.Numbers("pruning_layers"), layer => (int)layer);
        long[] key = golden["key_set"].data<long>().ToArray(), living = [.. Enumerable.Range(0, tokens).Select(i => (long)i)];
        int[] left = new int[layers];
        for (int layer = 0; layer < layers; layer++)
        {
            if (Array.IndexOf(pruning, layer) is var stage and >= 0)
            {
                var filter = TextFilter.Of(attention[stage].index_select(2, tensor(living, ScalarType.Int64)));
                living = [.. Strong(filter, golden).Select(token => living[token]).Union(key).Order()];
            }
            left[layer] = living.Length;
        }
        var layout = new PromptLayout(start + tokens + text, [new(start, tokens)]);
        return new()
        {
            { "keep", living },
            { "key_set", key.Select(token => (long)Array.IndexOf(living, token)) },
            { "sequence_keep", layout.SequenceKeep([living]) },
            { "image_tokens", left.Select(count => (long)count) },
            { "average", [left.Average() / (golden.Number("crops") ?? 1)] },
            { "cache_length", Enumerable.Range(0, layers).Select(layer => (long)(layer < pruning[0] ? layout.Length : start + living.Length + text)) },
        };
    }

    // Those that may not leave at these thresholds.
    static long[] Strong(TextFilter filter, GoldenCase golden) =>
        filter.Level(golden.Number("global_thr") ?? 1, golden.Number("individual_thr") ?? 0).ge(1).nonzero().flatten().data<long>().ToArray();
}
