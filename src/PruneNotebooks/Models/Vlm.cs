using PruneNotebooks.Models.Chat;
using PruneNotebooks.Models.Tokenization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A vision-language model of the LLaVA-1.5 family, with pruning at any stage.</summary>
/// <remarks>
/// The model holds no conversation: every call reads its prompt anew, so a second question about the same picture meets all visual
/// tokens again and nothing is reused from a pruned cache.
/// </remarks>
public sealed class Vlm : IDisposable
{
    Vlm(string folder, LlavaConfig config, Compute compute, IWeights weights)
    {
        (Folder, Config, Compute) = (folder, config, compute);
        Tower = new VisionTower(config.Vision, weights);
        Projector = new Projector(config, weights);
        Decoder = new Decoder(config.Text, weights, "language_model.");
        Processor = ImageProcessor.Load(folder);
        Tokenizer = Tokenizer.Load(folder);
        Template = ChatTemplate.Load(folder);
        Generation = ModelConfig.ReadGeneration(folder);
    }

    /// <summary>Where the checkpoint lies.</summary>
    public string Folder { get; }

    /// <summary>The model's shape.</summary>
    public LlavaConfig Config { get; }

    /// <summary>Where and in which type it computes, and why.</summary>
    public Compute Compute { get; }

    /// <summary>The vision tower.</summary>
    public VisionTower Tower { get; }

    /// <summary>The projector.</summary>
    public Projector Projector { get; }

    /// <summary>The decoder.</summary>
    public Decoder Decoder { get; }

    /// <summary>From pictures to pixels.</summary>
    public ImageProcessor Processor { get; }

    /// <summary>From text to token ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>From a conversation to a prompt.</summary>
    public ChatTemplate Template { get; }

    /// <summary>Which tokens end an answer.</summary>
    public GenerationConfig Generation { get; }

    /// <summary>How many visual tokens the tower makes of a picture.</summary>
    public int VisualTokensPerImage => Config.Vision.Patches + (Config.FeatureSelection == FeatureSelection.Full ? 1 : 0);

    /// <summary>Loads a checkpoint in the Hugging Face layout; weights are streamed, so memory stays near one copy of the model.</summary>
    /// <param name="model">A folder, or the name of one that <see cref="ModelFolders"/> finds: <c>scene-llava</c> comes with the library.</param>
    /// <param name="device">Where to compute; chosen if not given.</param>
    /// <param name="type">In which type to compute; chosen if not given.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such model.</exception>
    /// <exception cref="InvalidDataException">A file of the checkpoint is damaged, or does not fit the configuration.</exception>
    /// <exception cref="NotSupportedException">The checkpoint is of a kind that is not implemented.</exception>
    public static Vlm Load(string model, Device? device = null, ScalarType? type = null)
    {
        string folder = ModelFolders.Find(model);
        var config = ModelConfig.ReadLlava(folder);
        var compute = Compute.Choose(device, type, config.StoredType).Announced();
        using var weights = Checkpoint.Open(folder, compute.Device, compute.Type);
        return weights.Build(() => new Vlm(folder, config, compute, weights));
    }

    /// <summary>The grid of the tower's patches.</summary>
    public TokenGrid PictureGrid => TokenGrid.Square(Config.Vision.GridSide);

    /// <summary>How many tokens and layers there are, for schedules over layers.</summary>
    public ModelDimensions Dimensions
    {
        get
        {
            var shape = Config.Shape();
            return new(VisualTokensPerImage, shape.VisionLayers, shape.FeatureLayer, shape.DecoderLayers);
        }
    }

    /// <summary>The prompt for a question about pictures, as the model's chat template writes it.</summary>
    public Prompt Ask(string question, params IReadOnlyList<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new Prompt(Template.Render([new ChatMessage("user", [.. images.Select(_ => ChatContent.Image()), ChatContent.Text(question)])]), images) { Question = question };
    }

    /// <summary>Tokenises a prompt and gives every visual token its place.</summary>
    /// <exception cref="ArgumentException">The prompt has more or fewer image placeholders than pictures, or is longer than the model can read.</exception>
    /// <param name="prompt">The prompt.</param>
    /// <param name="plan">The plan that will be followed: it may make pictures smaller.</param>
    public EncodedPrompt Encode(Prompt prompt, PruningPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        int tokens = plan is null ? VisualTokensPerImage : VisualTokensPerImage - Config.Vision.Patches + plan.PictureGrid(PictureGrid).Count;
        var (ids, layout) = PromptLayout.Expand(Tokenizer.Encode(prompt.Text), Config.ImageToken, [.. prompt.Images.Select(_ => tokens)]);
        if (ids.Length == 0) throw new ArgumentException("The prompt is empty.", nameof(prompt));
        if (ids.Length > Config.Text.MaxPositions)
            throw new ArgumentException($"The prompt has {ids.Length} tokens, but the model reads at most {Config.Text.MaxPositions}.", nameof(prompt));
        return new EncodedPrompt(ids, layout, prompt.Images) { Question = prompt.Question, Given = prompt.Given };
    }

    /// <summary>Answers a question about a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="question">The question.</param>
    /// <param name="plan">Which tokens leave where; none if not given.</param>
    /// <param name="options">How the answer is generated.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    public Answer Answer(RgbImage image, string question, PruningPlan? plan = null, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Answer([Ask(question, image)], plan, options, cancellation)[0];

    /// <summary>Answers several questions about one picture. What the questions share is computed once if the plan does not look at the question.</summary>
    public IReadOnlyList<Answer> Answer(RgbImage image, IReadOnlyList<string> questions, PruningPlan? plan = null, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return Answer([.. questions.Select(question => Ask(question, image))], plan, options, cancellation);
    }

    /// <summary>Answers a batch of prompts. An answer does not depend on its neighbours.</summary>
    /// <exception cref="ArgumentException">The plan does not fit the model; the message says why.</exception>
    public IReadOnlyList<Answer> Answer(IReadOnlyList<Prompt> prompts, PruningPlan? plan = null, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return Answer(prompts, [plan ?? PruningPlan.None], options, cancellation)[0];
    }

    /// <summary>Answers a batch of prompts under several plans. Plans that prune only behind the vision tower share one look at the pictures; the time of
    /// that look stands in each of their traces.</summary>
    /// <returns>By plan, then by prompt.</returns>
    /// <exception cref="ArgumentException">A plan does not fit the model; the message says why.</exception>
    public IReadOnlyList<IReadOnlyList<Answer>> Answer(
        IReadOnlyList<Prompt> prompts, IReadOnlyList<PruningPlan> plans, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plans);
        if (prompts.Count == 0) return [.. plans.Select(_ => Array.Empty<Answer>())];
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        EncodedPrompt[] encoded = [.. prompts.Select(prompt => Encode(prompt))];
        PruningPlan[] behind = [.. plans.Where(plan => !plan.PrunesInTower)];
        var seeing = new StageClock(Compute);
        var shared = behind.Length == 0 ? null : new SeenPictures(this, encoded, behind, seeing);
        List<IReadOnlyList<Answer>> answers = [];
        foreach (var plan in plans)
        {
            using var own = NewDisposeScope();
            var clock = plan.PrunesInTower ? new StageClock(Compute) : seeing.Copy();
            EncodedPrompt[] asked = plan.PictureGrid(PictureGrid) == PictureGrid ? encoded : [.. prompts.Select(prompt => Encode(prompt, plan))];
            var pictures = plan.PrunesInTower ? new SeenPictures(this, asked, [plan], clock) : shared!;
            answers.Add(new AnswerRun(this, plan, pictures, clock).Answer(asked, options ?? new(), cancellation));
        }
        return answers;
    }

    /// <summary>Reads a batch of prompts without answering, for those who want to look into the model.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="plan">Which tokens leave where; none if not given.</param>
    /// <param name="recorder">Keeps the activations that it wants.</param>
    /// <param name="pixels">Normalised pixels <c>[B, 3, side, side]</c> of the different pictures in order, if they should not come from the processor.</param>
    /// <returns>The state after the prompt; dispose of it.</returns>
    public Prefill Prefill(IReadOnlyList<EncodedPrompt> prompts, PruningPlan? plan = null, ActivationRecorder? recorder = null, Tensor? pixels = null)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0) throw new ArgumentException("There is no prompt to read.", nameof(prompts));
        plan ??= PruningPlan.None;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var clock = new StageClock(Compute);
        return new AnswerRun(this, plan, new SeenPictures(this, prompts, [plan], clock, recorder, pixels), clock, recorder).Prefill(prompts);
    }

    /// <summary>What methods may look at, for those who want to choose tokens without asking the model for an answer.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="stage">Where.</param>
    /// <param name="needs">Which signals.</param>
    /// <returns>By prompt, then by image. The tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">There is no such signal at that stage.</exception>
    public IReadOnlyList<IReadOnlyList<PruningContext>> Look(IReadOnlyList<Prompt> prompts, Stage stage, Signals needs)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(needs);
        using var scope = NewDisposeScope();
        var onlooker = new Onlooker(needs, scope);
        Prefill([.. prompts.Select(prompt => Encode(prompt))], PruningPlan.At(stage, onlooker, TokenBudget.All)).Dispose();
        return [.. onlooker.Seen.Select(images => (IReadOnlyList<PruningContext>)[.. images.Select(image => image.Changed((_, tensor) => tensor.MoveToOuterDisposeScope()))])];
    }

    /// <summary>The same for one picture and question.</summary>
    public PruningContext Look(RgbImage image, string question, Stage stage, Signals needs) => Look([Ask(question, image)], stage, needs)[0][0];

    /// <summary>Continues a prefill greedily.</summary>
    /// <returns>By prompt: the generated token ids.</returns>
    public IReadOnlyList<IReadOnlyList<long>> Continue(Prefill prefill, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using var inference = no_grad();
        return [.. GreedyDecoding.Run(Decoder, prefill, Generation.EndTokens, options ?? new(), cancellation).Select(answer => answer.Tokens)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tower.Dispose();
        Projector.Dispose();
        Decoder.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path.GetFileName(Folder)} on {Compute}";
}
