using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>LLaVA-1.5's two-layer perceptron from the tower's features to the decoder's embeddings (arXiv 2310.03744).</summary>
public sealed class Projector(LlavaConfig config, IWeights weights) : IDisposable
{
    const string Prefix = "multi_modal_projector.";
    readonly Linear first = Linear.Take(weights, Prefix + "linear_1", Inputs(config), config.Text.HiddenSize, config.ProjectorBias);
    readonly Linear second = Linear.Take(weights, Prefix + "linear_2", config.Text.HiddenSize, config.Text.HiddenSize, config.ProjectorBias);
    readonly Func<Tensor, Tensor> activation = Activations.Of(config.ProjectorAct);

    static int Inputs(LlavaConfig config) => config.Vision.HiddenSize * config.FeatureLayers.Count;

    /// <summary>Projects features, token by token.</summary>
    /// <param name="features"><c>[..., Dv]</c>.</param>
    /// <returns><c>[..., D]</c>.</returns>
    public Tensor Forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        return second.Forward(activation(first.Forward(features))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
