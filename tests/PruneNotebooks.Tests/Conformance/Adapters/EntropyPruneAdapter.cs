using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class EntropyPruneAdapter
{
    [Adapter("entropyprune", "layer_entropy")]
    static Outputs LayerEntropy(GoldenCase golden)
    {
        var hidden = golden["hidden"];
        var collapse = new EntropyCollapse([[.. Enumerable.Range(0, (int)hidden.shape[0]).Select(l => MatrixEntropy.OfLayer(hidden[l]))]]);
        return new() { { "entropy", collapse.Entropy }, { "drop", collapse.Drop }, { "ecl", new long[] { collapse.Layer } } };
    }

    [Adapter("entropyprune", "dual_gram")]
    static Outputs DualGram(GoldenCase golden)
    {
        var query = golden["query"];
        return new()
        {
            { "eigenvalues_dual", MatrixEntropy.Spectra(query, side: GramSide.Rows).flip(1) },
            { "eigenvalues_primal", MatrixEntropy.Spectra(query, side: GramSide.Columns).flip(1) },
            { "scores", MatrixEntropy.OfTokens(query) },
        };
    }

    [Adapter("entropyprune", "budget")]
    static Outputs Budget(GoldenCase golden)
    {
        int[] layers = golden.Ints("layers"), before = golden.Ints("prune_layer"), tokens = golden.Ints("visual_tokens"), average = golden.Ints("average_tokens");
        return new() { { "save_num", layers.Select((_, i) => (long)TokenBudget.ForAverage(average[i], tokens[i], layers[i], before[i]).Resolve(tokens[i])) } };
    }

    [Adapter("entropyprune", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual_length"));
        string given = new[] { "query", "key", "value", "hidden_tokens" }.First(golden.Has);
        var all = golden[given];
        var heads = given == "hidden_tokens" ? all.reshape(all.shape[0], golden.Int("heads"), -1).transpose(0, 1) : all;
        var method = new EntropyPrune
        {
            Matrix = given switch { "query" => TokenState.Query, "key" => TokenState.Key, "value" => TokenState.Value, _ => TokenState.Hidden },
        };
        method = method with { HeadSize = (int?)golden.Number("dim_scale") ?? method.HeadSize, Epsilon = golden.Number("eps") ?? method.Epsilon };
        var visual = heads.narrow(1, image.Start, image.Length);
        var context = new PruningContext(zeros(image.Length, 0)).With(method.Needs.Single(), visual);
        int count = golden.Int("save_num");
        long[] keep = [.. method.Select(context, count).Kept];
        var scores = MatrixEntropy.OfTokens(visual, heads.shape[2] > method.HeadSize ? method.HeadSize : null, method.Epsilon);
        long[] order = Ranking.Of(scores).Top(count);
        long[] stays = new PromptLayout((int)heads.shape[1], [image]).SequenceKeep([keep]);
        return new()
        {
            { "scores", scores },
            { "order", order },
            { "keep", keep },
            { "keep_sequence", stays },
            { "position_ids", stays },      // Positions.Keep
        };
    }
}
