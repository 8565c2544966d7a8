namespace PruneNotebooks.Models;

/// <summary>Reads the configuration of a model folder in the Hugging Face layout.</summary>
/// <remarks>
/// What a file leaves out has the value that the reference library gives it. What it says and this library cannot do is refused, never
/// ignored. Every method throws <see cref="FileNotFoundException"/> if the file does not exist, <see cref="InvalidDataException"/> if it
/// is not JSON or a field makes no sense, and <see cref="NotSupportedException"/> if a field asks for something that is not implemented;
/// each names file and field.
/// </remarks>
public static class ModelConfig
{
    /// <summary>The architecture of the model in that folder, e.g. <c>llava</c> or <c>llama</c>.</summary>
    /// <param name="folder">A folder with a <c>config.json</c>.</param>
    public static string ModelType(string folder)
    {
        var fields = Open(folder);
        return fields.Text("model_type") ?? throw fields.Wrong("model_type", "the name of an architecture, e.g. \"llava\"");
    }

    /// <summary>The configuration of a vision-language model.</summary>
    /// <param name="folder">A folder with a <c>config.json</c> of model type <c>llava</c>.</param>
    public static LlavaConfig ReadLlava(string folder) => LlavaConfig.From(Open(folder));

    /// <summary>The configuration of a language model.</summary>
    /// <param name="folder">A folder with a <c>config.json</c> of model type <c>llama</c>.</param>
    public static TextConfig ReadText(string folder)
    {
        var fields = Open(folder);
        if (!fields.Has("model_type")) throw fields.Wrong("model_type", "\"llama\"");
        return TextConfig.From(fields);
    }

    /// <summary>The tokens that begin and end an answer: from <c>generation_config.json</c>, and from <c>config.json</c> what that does not say.</summary>
    /// <param name="folder">A folder with a <c>config.json</c>; <c>generation_config.json</c> may be missing.</param>
    public static GenerationConfig ReadGeneration(string folder)
    {
        string generation = Path.Combine(folder, "generation_config.json");
        var model = Open(folder);
        ConfigFields?[] sources = [File.Exists(generation) ? ConfigFields.Open(generation) : null, model, model.Section("text_config")];
        return GenerationConfig.From([.. sources.OfType<ConfigFields>()]);
    }

    static ConfigFields Open(string folder) => ConfigFields.Open(Path.Combine(folder, "config.json"));
}
