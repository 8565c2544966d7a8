using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class SparseVlmAdapter
{
    static RecycledClusters Recycling => (RecycledClusters)new SparseVlm().Parts.Repair!;

    [Adapter("sparsevlm", "raters")]
    static Outputs Raters(GoldenCase golden)
    {
        var raters = TextRaters.Of(golden["features"], golden["text_features"]);
        return new() { { "scores", raters.Scores }, { "keep", raters.Tokens } };
    }

    [Adapter("sparsevlm", "cluster")]
    static Outputs Cluster(GoldenCase golden)
    {
        var features = golden["features"];
        var peaks = DensityPeaks.Of(features, golden.Int("clusters"));
        return new()
        {
            { "density", peaks.Density },
            { "scores", peaks.Scores },
            { "centers", peaks.Centres },
            { "assignment", peaks.Assignment },
            { "merged", peaks.Means(features) },
        };
    }

    [Adapter("sparsevlm", "prune")]
    static Outputs Prune(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual"));
        var rows = new TextRaters(golden["raters"].data<long>().ToArray(), []).Rows(TextRows(golden, image));
        int rank = RankLevel.Rank(rows.mean([0]));
        int keep = golden.Number("keep") is { } count
            ? Math.Min((int)count, image.Length - 1)
            : new RankLevel(golden.Double("scale"), golden.Double("bias")).Left(rank, image.Length);
        var stage = Step(golden["hidden_states"], image, rows.mean([0, 1]), keep);
        return new()
        {
            { "rank", new long[] { rank } },
            { "scores", stage.Scores },
            { "keep", stage.Kept },
            { "recycled", stage.Recycled },
            { "merged", stage.Merged },
            { "hidden", stage.Hidden },
            { "position_ids", arange(stage.Hidden.shape[0], ScalarType.Int64) },      // Positions.Renumber
        };
    }

    // Decoder layers are the identity here: three stages in a row.
    [Adapter("sparsevlm", "cascade")]
    static Outputs Cascade(GoldenCase golden)
    {
        var hidden = golden["hidden_states"];
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual"));
        var raters = TextRaters.Of(hidden.narrow(0, image.Start, image.Length), hidden.narrow(0, image.End, hidden.shape[0] - image.End));
        double[] keep = golden.Numbers("keep");
        List<long> counts = [];
        for (int i = 0; i < keep.Length; i++)
        {
            if (image.Length > 0)
            {
                var attention = golden[$"attention_{i}"];
                var rows = raters.Rows(attention.narrow(1, image.End, attention.shape[1] - image.End).narrow(2, image.Start, image.Length));
                var stage = Step(hidden, image, rows.mean([0, 1]), Math.Min((int)keep[i], image.Length - 1));
                (hidden, image) = (stage.Hidden, new VisualSpan(image.Start, stage.Kept.Count + (int)stage.Merged.shape[0]));
            }
            counts.Add(image.Length);
        }
        return new() { { "raters", raters.Tokens }, { "counts", counts }, { "hidden", hidden }, { "position_ids", arange(hidden.shape[0], ScalarType.Int64) } };
    }

    [Adapter("sparsevlm", "prune_plus")]
    static Outputs PrunePlus(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual"));
        long[] positions = golden["position_ids"].data<long>().ToArray(), raters = golden["raters"].data<long>().ToArray();
        var corrected = RecencyCorrection.Of(
            new TextRaters(raters, []).Rows(TextRows(golden, image)), [.. raters.Select(rater => positions[image.End + rater])], positions[image.Start..image.End],
            golden.Int("head_dim"), golden.Int("heads_kept"), golden.Double("rope_theta"));
        long[] kept = [.. Ranking.Of(tensor(corrected.Scores)).Top(Math.Min(golden.Int("keep"), image.Length - 1)).Order()];
        var stays = tensor(new PromptLayout(positions.Length, [image]).SequenceKeep([kept]));
        return new()
        {
            { "heads", corrected.Heads },
            { "scores", corrected.Scores },
            { "keep", kept },
            { "hidden", golden["hidden_states"].index_select(0, stays) },
            { "position_ids", golden["position_ids"].index_select(0, stays) },      // Positions.Keep
        };
    }

    static Tensor TextRows(GoldenCase golden, VisualSpan image) => golden.Has("text_attention")
        ? golden["text_attention"]
        : golden["attention"].narrow(1, image.End, golden["attention"].shape[1] - image.End).narrow(2, image.Start, image.Length);

    static (float[] Scores, IReadOnlyList<long> Kept, long[] Recycled, Tensor Merged, Tensor Hidden) Step(Tensor hidden, VisualSpan image, Tensor scores, int keep)
    {
        var visual = hidden.narrow(0, image.Start, image.Length);
        var ranking = Ranking.Of(scores);
        var chosen = new Chosen(ranking.Top(keep));
        using var selection = Recycling.Apply(new PruningContext(visual), ranking, chosen, keep + Recycling.Merged(image.Length - keep));
        var left = selection.Features ?? visual;
        return (ranking.Scores, [.. chosen.Order.Order()], Recycling.Recycled(ranking, chosen), left.narrow(0, keep, left.shape[0] - keep).clone(),
            cat([hidden.narrow(0, 0, image.Start), left, hidden.narrow(0, image.End, hidden.shape[0] - image.End)]));
    }
}
