using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>What a model is about to say: the state of a prompt's last token behind the decoder's final norm, and how little pruning turns it.</summary>
/// <remarks>A measure without labels, and finer than answers: every plan moves the state, few change a word. It is what VFlowOpt's search maximises (arXiv 2508.05211).</remarks>
public static class FinalState
{
    const int Batch = 32;

    /// <summary>The states, float32 <c>[B, D]</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts, B.</param>
    /// <param name="plan">Which tokens leave where; none if not given.</param>
    /// <exception cref="ArgumentException">There is no prompt, or the plan does not fit the model.</exception>
    public static Tensor Of(Vlm model, IReadOnlyList<Prompt> prompts, PruningPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0) throw new ArgumentException("There is no prompt to read.", nameof(prompts));
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        return cat([.. prompts.Chunk(Batch).Select(some =>
        {
            using var read = model.Prefill([.. some.Select(prompt => model.Encode(prompt, plan))], plan);
            return model.Decoder.Normalise(read.Hidden.select(1, -1)).to_type(ScalarType.Float32);
        })]).MoveToOuterDisposeScope();
    }

    /// <summary>Cosine similarity of the states with a plan and with all tokens, by prompt: 1 if the plan changes nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="plan">Which tokens leave where.</param>
    /// <exception cref="ArgumentException">There is no prompt, or the plan does not fit the model.</exception>
    public static IReadOnlyList<double> Cosines(Vlm model, IReadOnlyList<Prompt> prompts, PruningPlan plan) => Cosines(model, prompts, [plan])[0];

    /// <summary>The same for several plans, by plan and prompt; the states with all tokens are computed once.</summary>
    /// <inheritdoc cref="Cosines(Vlm, IReadOnlyList{Prompt}, PruningPlan)"/>
    public static IReadOnlyList<IReadOnlyList<double>> Cosines(Vlm model, IReadOnlyList<Prompt> prompts, IReadOnlyList<PruningPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        using var scope = NewDisposeScope();
        var whole = Of(model, prompts);
        return [.. plans.Select(plan => Cosines(whole, model, prompts, plan))];
    }

    internal static double[] Cosines(Tensor whole, Vlm model, IReadOnlyList<Prompt> prompts, PruningPlan plan)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cosine_similarity(Of(model, prompts, plan).to_type(ScalarType.Float64), whole.to_type(ScalarType.Float64), 1).data<double>().ToArray();
    }
}
