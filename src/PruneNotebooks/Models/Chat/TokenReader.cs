namespace PruneNotebooks.Models.Chat;

/// <summary>Goes through the tokens of a template.</summary>
sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    int _next;

    public Token Current => tokens[_next];

    public Token Take() => tokens[_next < tokens.Count - 1 ? _next++ : _next];

    public bool TryTake(TokenKind kind, string text)
    {
        bool taken = Current.Is(kind, text);
        if (taken)
            Take();
        return taken;
    }

    public void Expect(TokenKind kind, string text)
    {
        if (!TryTake(kind, text))
            throw Unexpected($"\"{text}\"");
    }

    public Token ExpectName() => Current.Kind == TokenKind.Name ? Take() : throw Unexpected("a name");

    public InvalidDataException Unexpected(string expected) => Current.Position.Damaged(Current.Kind == TokenKind.End
        ? $"the template ends where {expected} is expected"
        : $"\"{Current.Text}\" stands where {expected} is expected");
}
