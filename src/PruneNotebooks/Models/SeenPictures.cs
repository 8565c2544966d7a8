using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The pictures of a batch of prompts after tower and projector, with the signals that plans need: plans that prune only behind the projector share them.</summary>
internal sealed class SeenPictures
{
    readonly bool apart;
    readonly Dictionary<(RgbImage Image, int Number), VisualTokens> tokens = [];
    readonly Dictionary<RgbImage, RgbImage> fitted = [];

    /// <summary>Looks at every picture once, however many prompts show it; where tokens leave inside the tower, once as first picture of a
    /// prompt, once as second, and so on, because a pruner may decide by that.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="plans">One plan, or several that have no step inside the tower.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="recorder">Keeps activations.</param>
    /// <param name="givenPixels">Pixels of the different pictures in order, if they should not come from the processor.</param>
    public SeenPictures(Vlm model, IReadOnlyList<EncodedPrompt> prompts, IReadOnlyList<PruningPlan> plans, StageClock clock, ActivationRecorder? recorder = null, Tensor? givenPixels = null)
    {
        clock.Enter(Phase.Vision);
        apart = plans.Any(plan => plan.PrunesInTower);
        (RgbImage Image, int Number)[] pictures = [.. prompts.SelectMany(prompt => prompt.Images.Select((image, i) => (image, apart ? i : 0))).Distinct()];
        if (pictures.Length == 0) return;
        foreach (var (image, _) in pictures) fitted[image] = model.Processor.Fit(image);
        var grid = plans.Count == 1 ? plans[0].PictureGrid(model.PictureGrid) : model.PictureGrid;
        var pixels = (givenPixels ?? Pixels(model, [.. pictures.Select(picture => fitted[picture.Image])], grid)).to(model.Compute.Device);
        if (pixels.shape[0] != pictures.Length)
            throw new ArgumentException($"The prompts show {pictures.Length} different pictures, but pixels were given for {pixels.shape[0]}.");
        var run = new VisionRun(model.Config, model.Tower, model.Projector, plans, clock, recorder);
        foreach (var (picture, image) in pictures.Zip(run.Run(pixels, [.. pictures.Select(picture => picture.Number)]))) tokens[picture] = image;
    }

    // A smaller picture is the fitted one made smaller, so that it shows the same.
    static Tensor Pixels(Vlm model, RgbImage[] images, TokenGrid grid) => grid == model.PictureGrid
        ? model.Processor.Process(images)
        : model.Processor.ProcessFitted([.. images.Select(image => Resampling.Resize(image, grid.Width * model.Config.Vision.PatchSize, grid.Height * model.Config.Vision.PatchSize, model.Processor.Config.Resample))]);

    /// <summary>The visual tokens of a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="number">Which picture of its prompt it is, from 0.</param>
    public VisualTokens this[RgbImage image, int number] => tokens[(image, apart ? number : 0)];

    /// <summary>A picture as the model saw it: resized and cropped.</summary>
    public RgbImage Fitted(RgbImage image) => fitted[image];
}
