namespace PruneNotebooks.Models.Chat;

/// <summary>Where something stands in a template.</summary>
readonly record struct Position(string Source, string Template, int Offset)
{
    string Say(string what)
    {
        var before = Template.AsSpan(0, Offset);
        return $"{Source}, line {before.Count('\n') + 1}, column {Offset - before.LastIndexOf('\n')}: {what}.";
    }

    /// <summary>The template is damaged.</summary>
    public InvalidDataException Damaged(string what) => new(Say(what));

    /// <summary>The template is fine, but asks for more than this interpreter does.</summary>
    public NotSupportedException Unsupported(string what) => new(Say($"{what} is not supported"));

    /// <summary>The template cannot go on with the values it meets.</summary>
    public InvalidOperationException Failed(string what) => new(Say(what));
}

enum TokenKind
{
    Text,
    BlockBegin,
    BlockEnd,
    OutputBegin,
    OutputEnd,
    Name,
    Number,
    String,
    Operator,
    End,
}

readonly record struct Token(TokenKind Kind, string Text, Position Position)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;
}
