using System.Globalization;

namespace PruneNotebooks.Models.Chat;

/// <summary>Reads operands: a literal, a variable or an expression in brackets, and the fields, items and calls behind it.</summary>
/// <param name="tokens">Where to read.</param>
/// <param name="readAny">Reads any expression: an item of a list, an argument.</param>
sealed class OperandParser(TokenReader tokens, Func<Expression> readAny)
{
    /// <summary>An operand.</summary>
    public Expression Read()
    {
        var value = ReadPrimary();
        while (true)
        {
            var at = tokens.Current.Position;
            if (tokens.TryTake(TokenKind.Operator, "."))
            {
                value = new Member(at, value, tokens.ExpectName().Text);
            }
            else if (tokens.TryTake(TokenKind.Operator, "["))
            {
                value = ReadItem(at, value);
            }
            else if (tokens.TryTake(TokenKind.Operator, "("))
            {
                value = new Call(at, value, ReadArguments());
            }
            else
            {
                return value;
            }
        }
    }

    Expression ReadItem(Position at, Expression target)
    {
        Expression? start = Ends() ? null : readAny();
        if (tokens.TryTake(TokenKind.Operator, "]"))
            return new Item(at, target, start ?? throw at.Damaged("the brackets are empty"));
        tokens.Expect(TokenKind.Operator, ":");
        var stop = Ends() ? null : readAny();
        var step = tokens.TryTake(TokenKind.Operator, ":") && !Ends() ? readAny() : null;
        tokens.Expect(TokenKind.Operator, "]");
        return new Slice(at, target, start, stop, step);

        bool Ends() => tokens.Current.Is(TokenKind.Operator, ":") || tokens.Current.Is(TokenKind.Operator, "]");
    }

    /// <summary>What stands between the brackets of a call; the opening one has been read.</summary>
    public ArgumentList ReadArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        ReadSeparated(")", () =>
        {
            var value = readAny();
            if (value is Variable name && tokens.TryTake(TokenKind.Operator, "="))
                named.Add((name.Name, readAny()));
            else
                positional.Add(value);
        });
        return new(positional, named);
    }

    void ReadSeparated(string closing, Action readOne)
    {
        while (!tokens.TryTake(TokenKind.Operator, closing))
        {
            readOne();
            if (!tokens.Current.Is(TokenKind.Operator, closing))
                tokens.Expect(TokenKind.Operator, ",");
        }
    }

    Expression ReadPrimary()
    {
        var token = tokens.Current;
        return token.Kind switch
        {
            TokenKind.Name => ReadName(),
            TokenKind.Number => new Constant(tokens.Take().Position, NumberOf(token)),
            TokenKind.String => ReadText(),
            TokenKind.Operator when token.Text is "(" => ReadBrackets(),
            TokenKind.Operator when token.Text is "[" => ReadList(),
            TokenKind.Operator when token.Text is "{" => ReadObject(),
            _ => throw tokens.Unexpected("a value"),
        };
    }

    Expression ReadName()
    {
        var token = tokens.Take();
        return token.Text switch
        {
            "true" or "True" => new Constant(token.Position, true),
            "false" or "False" => new Constant(token.Position, false),
            "none" or "None" => new Constant(token.Position, null),
            _ => new Variable(token.Position, token.Text),
        };
    }

    static object NumberOf(Token token) => long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long integer)
        ? (object)integer // not widened to a double
        : double.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw token.Position.Damaged($"\"{token.Text}\" is not a number");

    /// <summary>Neighbouring texts are one.</summary>
    Constant ReadText()
    {
        var (at, text) = (tokens.Current.Position, "");
        while (tokens.Current.Kind == TokenKind.String)
            text += tokens.Take().Text;
        return new(at, text);
    }

    Expression ReadBrackets()
    {
        var at = tokens.Take().Position;
        if (tokens.TryTake(TokenKind.Operator, ")"))
            return new ListLiteral(at, []);
        var items = new List<Expression> { readAny() };
        bool isTuple = tokens.Current.Is(TokenKind.Operator, ",");
        while (tokens.TryTake(TokenKind.Operator, ",") && !tokens.Current.Is(TokenKind.Operator, ")"))
            items.Add(readAny());
        tokens.Expect(TokenKind.Operator, ")");
        return isTuple ? new ListLiteral(at, items) : items[0];
    }

    ListLiteral ReadList()
    {
        var at = tokens.Take().Position;
        var items = new List<Expression>();
        ReadSeparated("]", () => items.Add(readAny()));
        return new(at, items);
    }

    ObjectLiteral ReadObject()
    {
        var at = tokens.Take().Position;
        var fields = new List<(Expression, Expression)>();
        ReadSeparated("}", () =>
        {
            var name = readAny();
            tokens.Expect(TokenKind.Operator, ":");
            fields.Add((name, readAny()));
        });
        return new(at, fields);
    }
}
