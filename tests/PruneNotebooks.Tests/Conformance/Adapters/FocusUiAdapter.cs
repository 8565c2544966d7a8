using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class FocusUiAdapter
{
    [Adapter("focusui", "scores")]
    static Outputs Scores(GoldenCase golden)
    {
        string[] parts = ["attn.in_proj_weight", "attn.in_proj_bias", "attn.out_proj.weight", "attn.out_proj.bias", "layer_norm.weight", "layer_norm.bias", "mlp.0.weight", "mlp.0.bias", "mlp.2.weight", "mlp.2.bias"];
        var weights = parts.SelectMany(part => new[] { "vision_enhancer." + part, "text_enhancer." + part }).ToDictionary(name => name, name => golden[name]);
        var scorer = new PatchScorer(weights, golden.Int("heads"), golden.Number("layernorm_eps") ?? 1e-5);
        var scores = scorer.Scores(golden["features"], golden["text_features"], golden.Text("pooling") == "max" ? TextPooling.Max : TextPooling.Mean);
        return new() { { "scores", scores }, { "loss", PatchScorer.Loss(scores, golden["label"]).view(1) } };
    }

    [Adapter("focusui", "pospad")]
    static Outputs PosPad(GoldenCase golden)
    {
        var (ids, drop) = (golden["input_ids"], golden.Double("drop_ratio"));
        long image = golden.Int("image_token_id");
        long[] visual = [.. ids.data<long>().ToArray().Select((id, place) => (id, place)).Where(token => token.id == image).Select(token => (long)token.place)];
        var ranking = Ranking.Of(golden["scores"]);
        long[] kept = [.. ranking.Top(drop <= 0 ? ranking.Count : Rounding.Down.Apply(ranking.Count * (1.0 - drop))).Order()];
        var (places, markers) = PositionPadding.Survivors((int)ids.shape[0], visual, kept);
        var index = tensor(places, ScalarType.Int64);
        var marked = tensor([.. places.Select(place => markers.Contains(place))], ScalarType.Bool);
        return new()
        {
            { "keep", kept },
            { "positions", places },
            { "is_marker", marked.to_type(ScalarType.Int64) },
            { "input_ids", ids.index_select(0, index).masked_fill(marked, golden.Int("marker_id")) },
            { "position_ids", golden["position_ids"].index_select(1, index) },
            { "features", where(marked.unsqueeze(1), golden["marker"], golden["embeddings"].index_select(0, index)) },
        };
    }

    [Adapter("focusui", "label")]
    static Outputs Label(GoldenCase golden)
    {
        double[] box = golden["bbox"].to_type(ScalarType.Float64).data<double>().ToArray();
        var labels = GroundingLabels.Of(golden["image"], box, golden.Int("patch"), golden.Int("merge"), golden.Double("threshold"), golden.Double("bbox_weight"), golden.Double("uigraph_weight"));
        return new() { { "bbox_score", labels.Box }, { "uigraph_score", labels.Graph }, { "label", labels.Labels } };
    }
}
