using System.Text.Json;

namespace PruneNotebooks.Models.Chat;

/// <summary>Turns a conversation into the prompt that a model was trained on, as the Jinja template of its folder says.</summary>
/// <remarks>
/// Templates are programs in the language Jinja2. What the templates of published models use is interpreted here: loops, conditions,
/// variables, expressions, and the common filters, tests and methods. Anything else is refused when the template is loaded or first used,
/// with its line and column.
/// </remarks>
public sealed class ChatTemplate
{
    readonly TemplateNode _root;
    readonly Dictionary<string, object?> _specialTokens;
    readonly string _source;

    ChatTemplate(string source, string template, ConfigFields? config)
    {
        _source = source;
        _root = TemplateParser.Parse(source, template);
        _specialTokens = config is null ? [] : SpecialTokens(config);
        TakesParts = _root.Descendants().OfType<ForNode>().Any(loop => loop.IteratesContent);
    }

    /// <summary>Whether messages may hold images and videos; otherwise the template knows text only.</summary>
    public bool TakesParts { get; }

    /// <summary>Reads chat_template.jinja, or the field <c>chat_template</c> of chat_template.json or tokenizer_config.json.</summary>
    /// <param name="folder">A model folder in the Hugging Face layout.</param>
    /// <exception cref="FileNotFoundException">The folder has no chat template.</exception>
    /// <exception cref="InvalidDataException">The template is damaged.</exception>
    /// <exception cref="NotSupportedException">The template uses something unsupported; the message says what and where.</exception>
    public static ChatTemplate Load(string folder)
    {
        string file = Path.Combine(folder, "chat_template.jinja"), configFile = Path.Combine(folder, "tokenizer_config.json");
        var config = File.Exists(configFile) ? ConfigFields.Open(configFile) : null;
        if (File.Exists(file))
            return new(file, File.ReadAllText(file), config);
        foreach (string other in (string[])[Path.Combine(folder, "chat_template.json"), configFile])
        {
            if (File.Exists(other) && FieldOf(ConfigFields.Open(other)) is { } template)
                return new($"{other} (chat_template)", template, config);
        }
        throw new FileNotFoundException(
            $"The folder '{folder}' has no chat template: no chat_template.jinja, and no chat_template in tokenizer_config.json.", file);
    }

    /// <summary>The template of that text; the special tokens (<c>bos_token</c> ...) are not defined in it.</summary>
    /// <exception cref="InvalidDataException">The template is damaged.</exception>
    /// <exception cref="NotSupportedException">The template uses something that is not supported.</exception>
    public static ChatTemplate Parse(string template) => new("the template", template, null);

    /// <summary>The field is a text, or a list of named ones, of which "default" counts.</summary>
    static string? FieldOf(ConfigFields fields) => fields.IsList("chat_template")
        ? fields.Sections("chat_template")!.FirstOrDefault(entry => entry.Text("name") == "default")?.Text("template")
        : fields.Text("chat_template");

    /// <summary>All fields such as <c>bos_token</c>: a text, or an object with the text in its field <c>content</c>.</summary>
    static Dictionary<string, object?> SpecialTokens(ConfigFields config)
    {
        var tokens = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in config.Entries().Where(entry => entry.Key.EndsWith("_token", StringComparison.Ordinal)))
        {
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Object)
                tokens[name] = value.ValueKind == JsonValueKind.String ? config.Text(name) : config.Section(name)!.Text("content");
        }
        return tokens;
    }

    /// <summary>The prompt.</summary>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="addGenerationPrompt">Whether to end with the words that make the model answer.</param>
    /// <exception cref="ArgumentException">A message shows an image or video, but the template takes text only.</exception>
    /// <exception cref="InvalidOperationException">The template refuses these messages; the message is its own.</exception>
    /// <exception cref="NotSupportedException">The template uses something that is not supported.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var scope = new Scope(null);
        foreach (var (name, token) in _specialTokens)
            scope[name] = token;
        foreach (var (name, function) in TemplateFunctions.Globals)
            scope[name] = function;
        scope["messages"] = messages.Select(AsValue).ToList();
        scope["add_generation_prompt"] = addGenerationPrompt;
        scope["tools"] = scope["documents"] = null; // there, but none: as the reference calls it
        var output = new System.Text.StringBuilder();
        _root.Render(scope, output);
        return output.ToString();
    }

    object? AsValue(ChatMessage message) => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["role"] = message.Role,
        ["content"] = TakesParts ? message.Content.Select(AsValue).ToList() : TextOf(message),
    };

    static object? AsValue(ChatContent content)
    {
        var value = new Dictionary<string, object?>(StringComparer.Ordinal) { ["type"] = content.Type };
        if (content.Words is { } words)
            value["text"] = words;
        return value;
    }

    string TextOf(ChatMessage message) => message.Content.FirstOrDefault(content => content.Words is null) is { } picture
        ? throw new ArgumentException($"A message shows one {picture.Type}, but {_source} takes text only.", nameof(message))
        : string.Concat(message.Content.Select(content => content.Words));
}
