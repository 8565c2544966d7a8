using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics.Published;

/// <summary>What a figure is a figure of.</summary>
enum FigureKind
{
    /// <summary>FLOPs or KV cache of a model.</summary>
    Cost,

    /// <summary>Tokens that a schedule or a budget leaves.</summary>
    Tokens,

    /// <summary>Arithmetic between numbers that the paper prints.</summary>
    PrintedNumbers,

    /// <summary>Something that a method counts in its own way: edges, crops, weights, blocks.</summary>
    OwnCount,
}

/// <summary>One evaluator for each formula. The text of the formula, up to the definition of C(n), is its name; C(n) is <see cref="PublishedFlops"/>.</summary>
static class FigureFormulas
{
    static readonly Dictionary<string, (FigureKind Kind, Func<PublishedFigure, double> Value)> All = new()
    {
        ["sum over segments s of layers_s * C(tokens_s) / 1e12"] = (FigureKind.Cost, f => f.Count.Total(f.TokensByLayer) / 1e12),
        ["100 * sum over segments s of layers_s * C(tokens_s) / (layers * C(visual_tokens))"] = (FigureKind.Cost, f => 100 * f.Count.Total(f.TokensByLayer) / f.Count.Total(f["visual_tokens"])),
        ["100 * (1 - C(tokens) / C(visual_tokens))"] = (FigureKind.Cost, f => 100 * (1 - f.Count.Layer(f["tokens"]) / f.Count.Layer(f["visual_tokens"]))),
        ["(K*C(system + visual_tokens) + (layers - K)*C(system + (1 - R)*visual_tokens)) / layers / 1e9"] = (FigureKind.Cost, f => FastV(f) / 1e9),
        ["100 * (K*C(system + visual_tokens) + (layers - K)*C(system + (1 - R)*visual_tokens)) / (layers*C(system + visual_tokens))"] = (FigureKind.Cost, FastVPercent),
        ["100 - 100 * (K*C(system + visual_tokens) + (layers - K)*C(system + (1 - R)*visual_tokens)) / (layers*C(system + visual_tokens))"] = (FigureKind.Cost, f => 100 - FastVPercent(f)),
        ["mean over image sets i of layers * C(text_i + N_i) / 1e12"] = (FigureKind.Cost, f => ImageSets(f).Average(set => f.Count.Total(set.Full)) / 1e12),
        ["mean over image sets i of layers * C(text_i + N_i - round_half_even((1 - ratio)*N_i)) / 1e12"] = (FigureKind.Cost, f => ImageSets(f).Average(set => f.Count.Total(set.Pruned)) / 1e12),
        ["mean over image sets i of 100 * C(text_i + N_i - round_half_even((1 - ratio)*N_i)) / C(text_i + N_i) (mean of ratios, not ratio of means)"] =
            (FigureKind.Cost, f => ImageSets(f).Average(set => 100 * f.Count.Layer(set.Pruned) / f.Count.Layer(set.Full))),
        ["prefill_share * decode / prefill, prefill = T*(4*n*d^2 + 2*n^2*d + 2*n*d*m), decode = T*(4*L*d^2 + 2*L*d*m + d*L*(2*n + L - 1)), T = layers, d = hidden, m = intermediate"] =
            (FigureKind.Cost, f => f["prefill_share"] * f.Count.Decode(f.Whole("n"), f.Whole("L")) / f.Count.Total(f["n"])),
        ["sum over segments s of layers_s * tokens_s * 2 * kv_heads * head_dim * bytes / 2^20"] = (FigureKind.Cost, f => KvBytes(f) / Math.Pow(2, 20)),
        ["sum over segments s of layers_s * tokens_s * 2 * kv_heads * head_dim * bytes / 2^30"] = (FigureKind.Cost, f => KvBytes(f) / Math.Pow(2, 30)),
        ["(sum over blocks l of [4*t_l*c^2 + 2*t_l^2*c + 8*t_(l+1)*c^2] + visual_tokens*3*patch^2*c + classes*c) / 1e9, c = hidden, t_0 = visual_tokens + 1, t_(l+1) = t_l - min(r, floor((t_l - 1)/2))"] =
            (FigureKind.Cost, f => VisionGigaMacs(f, tokens => tokens - Math.Min(f.Whole("r"), (tokens - 1) / 2))),
        ["(sum over blocks l of [4*t_l*c^2 + 2*t_l^2*c + 8*t_(l+1)*c^2] + visual_tokens*3*patch^2*c + classes*c) / 1e9, c = hidden, t_0 = visual_tokens + 1, t_(l+1) = t_l - P"] =
            (FigureKind.Cost, f => VisionGigaMacs(f, tokens => tokens - f.Whole("P"))),
        ["100 * (1 - G(P)/G(0)), G = (sum over blocks l of [4*t_l*c^2 + 2*t_l^2*c + 8*t_(l+1)*c^2] + visual_tokens*3*patch^2*c + classes*c) / 1e9, c = hidden, t_0 = visual_tokens + 1, t_(l+1) = t_l - P"] =
            (FigureKind.Cost, f => 100 * (1 - VisionGigaMacs(f, tokens => tokens - f.Whole("P")) / VisionGigaMacs(f, tokens => tokens))),
        ["(sum over blocks of [4*n*c^2 + 2*n^2*c + 8*n*c^2] with n = tokens_s for layers_s blocks + visual_tokens*3*patch^2*c) / 1e9, c = hidden"] =
            (FigureKind.Cost, f => (PublishedFlops.Of(f.Tower).Total(f.TokensByLayer) + PatchMacs(f)) / 1e9),

        ["sum over segments s of layers_s * tokens_s / layers"] = (FigureKind.Tokens, f => f.TokensByLayer.Sum() / f["layers"]),
        ["100 * sum over segments s of layers_s * ratio_s / layers"] = (FigureKind.Tokens, f => 100 * f.Each("layers").Zip(f.Each("ratio"), (layers, ratio) => layers * ratio).Sum() / f["layers"]),
        ["100 * (L1*R1 + L2*R1*R2 + L3*R1*R2*R3) / layers"] = (FigureKind.Tokens, f => 100 * (f["L1"] * f["R1"] + f["L2"] * f["R1"] * f["R2"] + f["L3"] * f["R1"] * f["R2"] * f["R3"]) / f["layers"]),
        ["trunc((layers*average - K*visual_tokens) / (layers - K))"] = (FigureKind.Tokens, f => Math.Truncate((f["layers"] * f["average"] - f["K"] * f["visual_tokens"]) / (f["layers"] - f["K"]))),
        ["trunc(ratio * visual_tokens)"] = (FigureKind.Tokens, f => TokenBudget.Ratio(f["ratio"], Rounding.Down).Resolve(f.Whole("visual_tokens"))),
        ["round_half_even(ratio * visual_tokens)"] = (FigureKind.Tokens, f => TokenBudget.Ratio(f["ratio"]).Resolve(f.Whole("visual_tokens"))),
        ["round(visual_tokens * (1 - R))"] = (FigureKind.Tokens, f => TokenBudget.Ratio(1 - f["R"]).Resolve(f.Whole("visual_tokens"))),
        ["(1 - R) * visual_tokens"] = (FigureKind.Tokens, f => TokenBudget.Ratio(1 - f["R"]).Resolve(f.Whole("visual_tokens"))),
        ["retained * final_ratio"] = (FigureKind.Tokens, f => TokenBudget.Ratio(f["final_ratio"]).Resolve(f.Whole("retained"))),
        ["100 * part / full"] = (FigureKind.Tokens, f => 100 * f["part"] / f["full"]),
        ["100 * (1 - part / full)"] = (FigureKind.Tokens, f => 100 * (1 - f["part"] / f["full"])),
        ["dominant + contextual"] = (FigureKind.Tokens, f => f["dominant"] + f["contextual"]),
        ["pivots + 8*floor(save/8)"] = (FigureKind.Tokens, f => f["pivots"] + 8 * Math.Floor(f["save"] / 8)),
        ["9*floor(trunc(T*(1-g))/9) + T - trunc(T*(1-g)), T = budget, g = global_ratio"] = (FigureKind.Tokens, AnchorsOfTheGrid),

        ["100 * part / full (both as printed)"] = (FigureKind.PrintedNumbers, f => 100 * f["part"] / f["full"]),
        ["100 * (1 - part / full) (both as printed)"] = (FigureKind.PrintedNumbers, f => 100 * (1 - f["part"] / f["full"])),
        ["window_factor * early_stop_factor"] = (FigureKind.PrintedNumbers, f => f["window_factor"] * f["early_stop_factor"]),

        ["layers*(3*heads + 1) + 1"] = (FigureKind.OwnCount, f => f["layers"] * (3 * f["heads"] + 1) + 1),
        ["layers*(heads + 1) + embedding_writers"] = (FigureKind.OwnCount, f => Writers(f, f.Whole("layers"))),
        ["sum for l = 0..layers-1 of [3*heads*w_l + (w_l + heads)] + w_layers, w_l = embedding_writers + l*(heads + 1)"] =
            (FigureKind.OwnCount, f => Enumerable.Range(0, f.Whole("layers")).Sum(l => 3 * f["heads"] * Writers(f, l) + Writers(f, l) + f["heads"]) + Writers(f, f.Whole("layers"))),
        ["100 * blocks * B / F, B = 2*9*16^2*32^2, F = 27*16*32^2 + n*B + 2*(9*16*32*16^2 + 9*32^2*16^2 + 16*32*16^2 + (n-1)*B) + 640, n = blocks_per_stage"] = (FigureKind.OwnCount, BlocksOfResNet),
        ["trunc(4*D*d / (3*D)) = trunc(4*d/3), d = head_dim"] = (FigureKind.OwnCount, f => Math.Truncate(4 * f["head_dim"] / 3)),
        ["(head_dim / heads)^3"] = (FigureKind.OwnCount, f => Math.Pow(f["head_dim"] / f["heads"], 3)),
        ["head_dim / n_tip"] = (FigureKind.OwnCount, f => f["head_dim"] / f["n_tip"]),
        ["floor(1024 / K)"] = (FigureKind.OwnCount, f => Math.Floor(1024 / f["K"])),
        ["max_percent / step_percent + 1"] = (FigureKind.OwnCount, f => f["max_percent"] / f["step_percent"] + 1),
        ["fraction * rows * columns"] = (FigureKind.OwnCount, f => f["fraction"] * f["rows"] * f["columns"]),
    };

    /// <summary>The evaluator of a figure's formula; <see langword="null"/> if there is none yet.</summary>
    public static (FigureKind Kind, Func<PublishedFigure, double> Value)? Of(PublishedFigure figure) =>
        All.TryGetValue(figure.Formula.Split(", C(n) = ")[0], out var formula) ? formula : null;

    static double FastV(PublishedFigure f) => f.Count.PerLayer(f["system"] + f["visual_tokens"], f["system"] + (1 - f["R"]) * f["visual_tokens"], f.Whole("K"));

    static double FastVPercent(PublishedFigure f) => 100 * FastV(f) / f.Count.Layer(f["system"] + f["visual_tokens"]);

    // Visual tokens of each set where they differ, else those of the model.
    static IEnumerable<(double Full, double Pruned)> ImageSets(PublishedFigure f) => f.Each("text").Select((text, i) =>
    {
        double visual = f.Find($"visual_{i + 1}") ?? f["visual_tokens"];
        return (text + visual, text + visual - Rounding.HalfToEven.Apply((1 - f["ratio"]) * visual));
    });

    static double KvBytes(PublishedFigure f) => f.TokensByLayer.Sum(tokens => tokens * (double)f.Decoder.Block.KvBytes(f.Whole("bytes")));

    // Tokens leave between attention and the feed-forward part of each block.
    static double VisionGigaMacs(PublishedFigure f, Func<int, int> next)
    {
        var count = PublishedFlops.Of(f.Tower);
        int tokens = f.Whole("visual_tokens") + 1;
        double macs = PatchMacs(f) + f["classes"] * f["hidden"];
        for (int block = 0; block < count.Layers; block++, tokens = next(tokens)) macs += count.Layer(tokens, next(tokens));
        return macs / 1e9;
    }

    static double PatchMacs(PublishedFigure f) => f.Tower.PatchEmbedding.Flops(f["visual_tokens"]) / 2;

    static double AnchorsOfTheGrid(PublishedFigure f)
    {
        double inGrid = Math.Truncate(f["budget"] * (1 - f["global_ratio"]));
        return 9 * Math.Floor(inGrid / 9) + f["budget"] - inGrid;
    }

    static double Writers(PublishedFigure f, int layer) => f["embedding_writers"] + layer * (f["heads"] + 1);

    // Multiplications of CIFAR's ResNet: three stages, 16 to 64 channels, 32 x 32 down to 8 x 8; every block but the first of a stage costs B.
    static double BlocksOfResNet(PublishedFigure f)
    {
        double n = f["blocks_per_stage"], block = 2 * 9 * 16 * 16 * 32 * 32, narrower = 9 * 16 * 32 * 256 + 9 * 32 * 32 * 256 + 16 * 32 * 256;
        return 100 * f["blocks"] * block / (27 * 16 * 32 * 32 + n * block + 2 * (narrower + (n - 1) * block) + 640);
    }
}
