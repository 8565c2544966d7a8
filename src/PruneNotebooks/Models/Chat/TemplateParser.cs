namespace PruneNotebooks.Models.Chat;

/// <summary>From tokens to the tree of a template: text, outputs, blocks. <see cref="ExpressionParser"/> reads the expressions.</summary>
sealed class TemplateParser
{
    const int DeepestNesting = 100;
    readonly TokenReader _tokens;
    readonly ExpressionParser _expressions;
    int _depth;

    TemplateParser(TokenReader tokens) => (_tokens, _expressions) = (tokens, new(tokens));

    /// <exception cref="InvalidDataException">The template is damaged.</exception>
    /// <exception cref="NotSupportedException">It uses something that is not supported.</exception>
    public static TemplateNode Parse(string source, string template)
    {
        var parser = new TemplateParser(new(TemplateLexer.Read(source, template)));
        var (block, end) = parser.ReadUntil();
        return end is not { } stray ? block : throw stray.Position.Damaged($"\"{stray.Text}\" ends nothing that has begun");
    }

    /// <summary>Reads up to a block that begins with one of the words; that word is consumed, the rest of its block is not.</summary>
    (TemplateNode Block, Token? End) ReadUntil(params ReadOnlySpan<string> ends)
    {
        var parts = new List<TemplateNode>();
        var opening = _tokens.Current;
        while (_tokens.Current.Kind != TokenKind.End)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    parts.Add(new TextNode(token.Text));
                    break;
                case TokenKind.OutputBegin:
                    parts.Add(new OutputNode(_expressions.Read()));
                    _tokens.Expect(TokenKind.OutputEnd, "}}");
                    break;
                default:
                    var word = _tokens.ExpectName();
                    if (ends.Contains(word.Text) || word.Text is "else" or "elif" or "endif" or "endfor")
                        return ends.Contains(word.Text) || ends.IsEmpty ? (new Block(parts), word) : throw Misplaced(word, ends);
                    parts.Add(ReadStatement(word));
                    break;
            }
        }
        if (!ends.IsEmpty)
            throw opening.Position.Damaged($"the block that begins before this has no {ends[^1]}");
        return (new Block(parts), null);
    }

    static InvalidDataException Misplaced(Token word, ReadOnlySpan<string> ends) =>
        word.Position.Damaged($"\"{word.Text}\" stands where {string.Join(" or ", ends!)} is expected");

    TemplateNode ReadStatement(Token word)
    {
        if (++_depth > DeepestNesting)
            throw word.Position.Unsupported($"a block nested deeper than {DeepestNesting}");
        TemplateNode statement = word.Text switch
        {
            "if" => ReadIf(),
            "for" => ReadFor(),
            "set" => ReadSet(),
            _ => throw word.Position.Unsupported($"the statement \"{word.Text}\""),
        };
        _depth--;
        return statement;
    }

    IfNode ReadIf()
    {
        var condition = _expressions.Read();
        EndBlock();
        var (then, end) = ReadUntil("elif", "else", "endif");
        if (end!.Value.Text == "elif")
            return new(condition, then, ReadStatement(end.Value with { Text = "if" }));
        return new(condition, then, ReadElse(end.Value, "endif"));
    }

    TemplateNode ReadElse(Token end, string closing)
    {
        EndBlock();
        if (end.Text == closing)
            return new Block([]);
        var (otherwise, _) = ReadUntil(closing);
        EndBlock();
        return otherwise;
    }

    ForNode ReadFor()
    {
        List<string> names = [_tokens.ExpectName().Text];
        while (_tokens.TryTake(TokenKind.Operator, ","))
            names.Add(_tokens.ExpectName().Text);
        _tokens.Expect(TokenKind.Name, "in");
        var items = _expressions.ReadWithoutChoice();
        var condition = _tokens.TryTake(TokenKind.Name, "if") ? _expressions.Read() : null;
        EndBlock();
        var (body, end) = ReadUntil("else", "endfor");
        return new(names, items, condition, body, ReadElse(end!.Value, "endfor"));
    }

    SetNode ReadSet()
    {
        var name = _tokens.ExpectName();
        string? field = _tokens.TryTake(TokenKind.Operator, ".") ? _tokens.ExpectName().Text : null;
        if (_tokens.Current.Kind == TokenKind.BlockEnd)
            throw name.Position.Unsupported("a \"set\" without \"=\"");
        _tokens.Expect(TokenKind.Operator, "=");
        var value = _expressions.Read();
        EndBlock();
        return new(name.Position, name.Text, field, value);
    }

    void EndBlock() => _tokens.Expect(TokenKind.BlockEnd, "%}");
}
