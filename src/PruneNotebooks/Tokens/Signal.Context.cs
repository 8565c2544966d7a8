namespace PruneNotebooks.Tokens;

public abstract partial record Signal
{
    /// <summary>Embeddings (before the decoder) or hidden states (inside it) of the text tokens after the last visual token, <c>[T, D]</c>.</summary>
    public sealed record TextFeatures : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the features of the question's tokens";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>Embeddings of the text tokens after the last visual token as they enter the decoder, wherever the stage is, <c>[T, D]</c>.</summary>
    public sealed record TextEmbeddings : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the embeddings of the question's tokens";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>The visual tokens as they enter the decoder, wherever the stage is: all of them, also those that have left inside it, <c>[N0, D]</c>.</summary>
    public sealed record VisualEmbeddings : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the visual tokens at the decoder's entrance";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>The same of the text that belongs to this image: from behind it to the next image or the end of the prompt, <c>[T, D]</c>.</summary>
    public sealed record PairedText : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the features of the text behind this image";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>Embeddings of the tokens of the question's content words, <c>[M, D]</c> (<c>ContentWords</c>); M may be 0.</summary>
    public sealed record KeywordFeatures : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the embeddings of the question's content words";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>The scores that the step before gave to the tokens that are left, float32 <c>[N]</c>.</summary>
    public sealed record EarlierScores : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the scores of the step before";
    }

    /// <summary>How many tokens of the picture each token stands for, float32 <c>[N]</c>: ones until tokens are merged by a method that counts them.</summary>
    public sealed record TokenSizes : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the sizes of the tokens";
    }

    /// <summary>Where in space the patches are, in metres, float <c>[N, 3]</c>; given with the picture (<c>Prompt.With</c>).</summary>
    public sealed record PatchCentres : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the places of the patches in space";

        /// <inheritdoc/>
        public override int? TokenAxis => 0;
    }

    /// <summary>Which patches belong to which object, 0 or 1, float <c>[objects, N]</c>; given with the picture (<c>Prompt.With</c>).</summary>
    public sealed record ObjectMasks : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the masks of the objects";
    }
}
