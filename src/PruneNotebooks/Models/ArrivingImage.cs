using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The tokens of one image as they arrive at a step.</summary>
/// <param name="Signals">What is known of them.</param>
/// <param name="Features">The tokens, <c>[N, D]</c>.</param>
/// <param name="Grid">The image's whole grid; <see langword="null"/> if a class token is among them.</param>
/// <param name="Places">Where on it they lie, in their order.</param>
/// <param name="Number">Which image of the prompt it is, from 0.</param>
/// <param name="Text">The text of the prompt at this stage, if a method may look at it.</param>
/// <param name="Projector">From tower to decoder, where it is still ahead or was just passed.</param>
internal sealed record ArrivingImage(
    SignalTable Signals, Tensor Features, TokenGrid? Grid, IReadOnlyList<long> Places, int Number, PromptText? Text = null, Func<Tensor, Tensor>? Projector = null);

/// <summary>The text of a prompt at one stage, for one image.</summary>
/// <param name="Question">What stands behind the last image, <c>[T, D]</c>; <see langword="null"/> if nothing does.</param>
/// <param name="Paired">What stands between this image and the next, <c>[T, D]</c>.</param>
/// <param name="Keywords">Embeddings of the question's content words, made when asked for.</param>
internal sealed record PromptText(Tensor? Question, Tensor? Paired, Func<Tensor> Keywords)
{
    /// <summary>The signal, if it is one of the text.</summary>
    public Tensor? Find(Signal signal) => signal switch
    {
        Signal.TextFeatures or Signal.TextEmbeddings => Question,
        Signal.PairedText => Paired,
        Signal.KeywordFeatures => Keywords(),
        _ => null,
    };
}
