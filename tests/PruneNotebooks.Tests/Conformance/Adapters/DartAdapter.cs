using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class DartAdapter
{
    [Adapter("dart", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("image_start"), golden.Int("image_length"));
        var (keys, states) = (golden["keys"], Normalised(golden).unsqueeze(0));
        long text = keys.shape[1] - image.End;
        var context = new PruningContext(golden["hidden_states"].narrow(0, image.Start, image.Length))
            .With(new Signal.DecoderStates(Layer.BeforeStage, TokenState.Key), keys.narrow(1, image.Start, image.Length))
            .With(new Signal.DecoderStates(Layer.BeforeStage, TokenState.Hidden), states.narrow(1, image.Start, image.Length))
            .With(new Signal.TextStates(Layer.BeforeStage, TokenState.Key), keys.narrow(1, image.End, text))
            .With(new Signal.TextStates(Layer.BeforeStage, TokenState.Hidden), states.narrow(1, image.End, text));
        string count = golden.Text("count");
        var method = new Dart
        {
            ImagePivots = golden.Int("pivot_image"),
            TextPivots = golden.Int("pivot_text"),
            Order = golden.Text("pivot_order") == "norm" ? PivotOrder.Norm : PivotOrder.Set,
            ImageStart = image.Start,
            Shares = count == "next" ? PivotShares.PublishedNext : PivotShares.Published,
        };
        int pivots = Math.Min(method.ImagePivots, image.Length) + (int)Math.Min(method.TextPivots, text);
        int budget = count == "qwen" ? 0 : golden.Int("budget");
        var roles = count == "qwen" ? method.Roles(context, (int)(image.Length * (1 - golden.Double("reduction_ratio")) / pivots))
            : budget >= 1 && budget <= image.Length ? method.Roles(context, (TokenBudget)budget)
            : method.Roles(context, (count == "next" ? Math.Min(budget, image.Length - Math.Min(method.ImagePivots, image.Length)) : budget) / pivots);
        var outputs = Kept(golden, image, roles.ImagePivots, roles.Picks);
        outputs.Add("scores", roles.Norms);
        outputs.Add("text_scores", method.TextPivots == 0 ? [.. keys.narrow(1, image.End, text).abs().sum([0, 2]).data<float>()] : roles.TextNorms);
        outputs.Add("pivots", roles.Pivots.Select(pivot => image.Start + pivot));
        return outputs;
    }

    [Adapter("dart", "retain")]
    static Outputs Retain(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("image_start"), golden.Int("image_length"));
        int[] pivots = golden.Ints("pivots");
        long[] imagePivots = [.. pivots.Where(pivot => pivot >= image.Start && pivot < image.End).Select(pivot => (long)pivot - image.Start)];
        var states = Normalised(golden);
        var picks = LeastSimilar.Choose(states.narrow(0, image.Start, image.Length), states.index_select(0, golden["pivots"]), [.. pivots.Select(_ => golden.Int("per_pivot"))], imagePivots);
        return Kept(golden, image, imagePivots, picks);
    }

    static Outputs Kept(GoldenCase golden, VisualSpan image, long[] pivots, long[] picks)
    {
        var hidden = golden["hidden_states"];
        long[] keep = [.. pivots.Concat(picks).Order()];
        long[] stays = new PromptLayout((int)hidden.shape[0], [image]).SequenceKeep([keep]);
        return new()
        {
            { "order", picks },
            { "keep", keep },
            { "sequence_keep", stays },
            { "position_ids", stays },      // Positions.Keep
            { "hidden", hidden.index_select(0, tensor(stays)) },
        };
    }

    // The final norm of the decoder.
    static Tensor Normalised(GoldenCase golden)
    {
        var hidden = golden["hidden_states"];
        return hidden / (hidden.square().mean([1], keepdim: true) + (golden.Number("eps") ?? 1e-5)).sqrt() * golden["norm_weight"];
    }
}
