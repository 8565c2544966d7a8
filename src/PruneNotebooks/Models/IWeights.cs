using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Where a model takes its weights from, by their published names.</summary>
public interface IWeights
{
    /// <summary>The device that tensors are put on.</summary>
    Device Device { get; }

    /// <summary>The type that tensors are converted to.</summary>
    ScalarType DType { get; }

    /// <summary>Whether there is a tensor of that name.</summary>
    bool Has(string name);

    /// <summary>The tensor of that name, on <see cref="Device"/> and of type <see cref="DType"/>; the caller owns it.</summary>
    /// <param name="name">Its name in the layout <c>language_model.model.*</c>, <c>vision_tower.vision_model.*</c>, <c>multi_modal_projector.*</c>.</param>
    /// <param name="shape">The shape that the configuration asks for.</param>
    /// <exception cref="InvalidDataException">There is no such tensor, or it has another shape.</exception>
    Tensor Take(string name, params ReadOnlySpan<long> shape);
}
