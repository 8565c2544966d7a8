using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>What a model is about to say: the state of a prompt's last token behind the decoder's final norm, and how little pruning turns it.</summary>
/// <remarks>A measure without labels, and finer than answers: every plan moves the state, few change a word. It is what VFlowOpt's search maximises (arXiv 2508.05211).</remarks>
public static class FinalState
{
    /// <summary>Cosine similarity of the states with a plan and with all tokens, by prompt: 1 if the plan changes nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="plan">Which tokens leave where.</param>
    /// <param name="batch">How many prompts are read together at most.</param>
    /// <exception cref="ArgumentException">The plan does not fit the model.</exception>
    public static IReadOnlyList<double> Cosines(Vlm model, IReadOnlyList<Prompt> prompts, PruningPlan plan, int batch = 32) => Cosines(model, prompts, [plan], batch)[0];

    /// <summary>The same for several plans. All of them share one look at the pictures, but for those that prune inside the tower.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="plans">Which tokens leave where.</param>
    /// <param name="batch">How many prompts are read together at most.</param>
    /// <returns>By plan, then by prompt.</returns>
    /// <exception cref="ArgumentException">A plan does not fit the model.</exception>
    public static IReadOnlyList<IReadOnlyList<double>> Cosines(Vlm model, IReadOnlyList<Prompt> prompts, IReadOnlyList<PruningPlan> plans, int batch = 32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var cosines = plans.Select(_ => new List<double>()).ToList();
        foreach (var some in prompts.Chunk(batch))
        {
            using var scope = NewDisposeScope();
            var seen = new SeenPrompts(model, some, plans);
            for (int i = 0; i < plans.Count; i++) cosines[i].AddRange(seen.Cosines(plans[i]));
        }
        return cosines;
    }

    /// <summary>Prompts whose pictures were seen, and their states with all tokens. Its tensors belong to the dispose scope in which it is made.</summary>
    internal sealed class SeenPrompts
    {
        readonly Vlm model;
        readonly IReadOnlyList<Prompt> prompts;
        readonly SeenPictures pictures;
        readonly Tensor whole;

        /// <summary>Looks at the pictures.</summary>
        /// <param name="model">The model.</param>
        /// <param name="prompts">The prompts.</param>
        /// <param name="plans">Plans that need what will be needed.</param>
        public SeenPrompts(Vlm model, IReadOnlyList<Prompt> prompts, IReadOnlyList<PruningPlan> plans)
        {
            (this.model, this.prompts) = (model, prompts);
            using var inference = no_grad();
            pictures = new(model, Encode(PruningPlan.None), [PruningPlan.None, .. plans.Where(plan => !plan.PrunesInTower)], new StageClock(model.Compute));
            whole = Read(PruningPlan.None);
        }

        /// <summary>How far a plan leaves the states where they are, by prompt.</summary>
        public double[] Cosines(PruningPlan plan)
        {
            using var inference = no_grad();
            using var scope = NewDisposeScope();
            return nn.functional.cosine_similarity(Read(plan), whole, 1).data<double>().ToArray();
        }

        Tensor Read(PruningPlan plan)
        {
            using var scope = NewDisposeScope();
            var encoded = Encode(plan);
            var clock = new StageClock(model.Compute);
            using var read = new AnswerRun(model, plan, plan.PrunesInTower ? new(model, encoded, [plan], clock) : pictures, clock).Prefill(encoded);
            return model.Decoder.Normalise(read.Hidden.select(1, -1)).to(ScalarType.Float64).MoveToOuterDisposeScope();
        }

        EncodedPrompt[] Encode(PruningPlan plan) => [.. prompts.Select(prompt => model.Encode(prompt, plan))];
    }
}
