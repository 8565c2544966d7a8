namespace PruneNotebooks.Models.Chat;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks: "user", "assistant" or "system".</param>
/// <param name="Content">What is said and shown, in order.</param>
public sealed record ChatMessage(string Role, IReadOnlyList<ChatContent> Content)
{
    /// <summary>A turn of the user.</summary>
    public static ChatMessage User(params IReadOnlyList<ChatContent> content) => new("user", content);

    /// <summary>A turn of the model.</summary>
    public static ChatMessage Assistant(string text) => new("assistant", [ChatContent.Text(text)]);

    /// <summary>What the model is told beforehand.</summary>
    public static ChatMessage System(string text) => new("system", [ChatContent.Text(text)]);
}

/// <summary>A part of a turn: some text, or the place of an image or video.</summary>
public sealed record ChatContent
{
    ChatContent(string type, string? words = null) => (Type, Words) = (type, words);

    /// <summary>"text", "image" or "video".</summary>
    public string Type { get; }

    /// <summary>The text; none for images and videos.</summary>
    public string? Words { get; }

    /// <summary>The place of an image.</summary>
    public static ChatContent Image() => new("image");

    /// <summary>The place of a video.</summary>
    public static ChatContent Video() => new("video");

    /// <summary>Some text.</summary>
    public static ChatContent Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new("text", text);
    }
}
