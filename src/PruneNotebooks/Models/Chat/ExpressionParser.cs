using System.Globalization;

namespace PruneNotebooks.Models.Chat;

/// <summary>Reads expressions. From the loosest to the tightest: choice, or, and, not, comparisons, + -, ~, * / // %, sign, filters and tests.</summary>
sealed class ExpressionParser(TokenReader tokens)
{
    const int DeepestNesting = 200;
    int _depth;

    /// <summary>Any expression.</summary>
    public Expression Read()
    {
        if (++_depth > DeepestNesting)
            throw tokens.Current.Position.Unsupported($"an expression nested deeper than {DeepestNesting}");
        var value = ReadWithoutChoice();
        while (tokens.Current.Is(TokenKind.Name, "if"))
        {
            var at = tokens.Take().Position;
            var condition = ReadWithoutChoice();
            value = new Choice(at, condition, value, tokens.TryTake(TokenKind.Name, "else") ? Read() : null);
        }
        _depth--;
        return value;
    }

    /// <summary>An expression that leaves a following <c>if</c> alone, as in <c>for x in items if x</c>.</summary>
    public Expression ReadWithoutChoice() => ReadLogic("or", () => ReadLogic("and", ReadNot));

    Expression ReadLogic(string word, Func<Expression> operand)
    {
        var left = operand();
        while (tokens.Current.Is(TokenKind.Name, word))
            left = new Logic(tokens.Take().Position, word == "and", left, operand());
        return left;
    }

    Expression ReadNot()
    {
        var at = tokens.Current.Position;
        bool negate = false;
        while (tokens.TryTake(TokenKind.Name, "not"))
            negate = !negate;
        var value = ReadComparison();
        return negate ? new Not(at, value) : value;
    }

    Expression ReadComparison()
    {
        var first = ReadSum();
        var rest = new List<(string, Expression)>();
        var at = tokens.Current.Position;
        while (ComparisonOperator() is { } symbol)
            rest.Add((symbol, ReadSum()));
        return rest.Count > 0 ? new Comparison(at, first, rest) : first;
    }

    string? ComparisonOperator()
    {
        if (tokens.Current.Kind == TokenKind.Operator && tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            return tokens.Take().Text;
        if (tokens.TryTake(TokenKind.Name, "in"))
            return "in";
        if (!tokens.TryTake(TokenKind.Name, "not"))
            return null;
        tokens.Expect(TokenKind.Name, "in");
        return "not in";
    }

    Expression ReadSum() => ReadArithmetic(["+", "-"], () => ReadArithmetic(["~"], () => ReadArithmetic(["*", "/", "//", "%"], ReadSigned)));

    Expression ReadArithmetic(string[] symbols, Func<Expression> operand)
    {
        var left = operand();
        while (tokens.Current.Kind == TokenKind.Operator && symbols.Contains(tokens.Current.Text))
        {
            var symbol = tokens.Take();
            left = new Arithmetic(symbol.Position, symbol.Text, left, operand());
        }
        return left;
    }

    Expression ReadSigned()
    {
        var at = tokens.Current.Position;
        bool negative = false;
        for (bool more = true; more;)
        {
            bool minus = tokens.TryTake(TokenKind.Operator, "-");
            negative ^= minus;
            more = minus || tokens.TryTake(TokenKind.Operator, "+");
        }
        var operand = ReadPostfix(ReadPrimary());
        var value = negative ? new Negative(at, operand) : operand;
        while (true)
        {
            if (tokens.TryTake(TokenKind.Operator, "|"))
                value = ReadFilter(value);
            else if (tokens.TryTake(TokenKind.Name, "is"))
                value = ReadTest(value);
            else
                return value;
        }
    }

    Filter ReadFilter(Expression value)
    {
        var name = tokens.ExpectName();
        var (positional, named) = tokens.TryTake(TokenKind.Operator, "(") ? ReadArguments() : ([], []);
        return new(name.Position, value, name.Text, positional, named);
    }

    Expression ReadTest(Expression value)
    {
        bool negate = tokens.TryTake(TokenKind.Name, "not");
        var name = tokens.ExpectName();
        IReadOnlyList<Expression> arguments = [];
        if (tokens.TryTake(TokenKind.Operator, "("))
            (arguments, _) = ReadArguments();
        else if (BeginsOperand(tokens.Current))
            arguments = [ReadPostfix(ReadPrimary())];
        var test = new Test(name.Position, value, name.Text, arguments);
        return negate ? new Not(name.Position, test) : test;
    }

    /// <summary>Whether an argument without brackets follows, as in <c>x is divisibleby 3</c>.</summary>
    static bool BeginsOperand(Token token) => token.Kind is TokenKind.String or TokenKind.Number
        || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"))
        || (token.Kind == TokenKind.Operator && token.Text is "[" or "{");

    Expression ReadPostfix(Expression value)
    {
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
                var (positional, named) = ReadArguments();
                value = new Call(at, value, positional, named);
            }
            else
            {
                return value;
            }
        }
    }

    Expression ReadItem(Position at, Expression target)
    {
        Expression? start = Ends() ? null : Read();
        if (tokens.TryTake(TokenKind.Operator, "]"))
            return new Item(at, target, start ?? throw at.Damaged("the brackets are empty"));
        tokens.Expect(TokenKind.Operator, ":");
        var stop = Ends() ? null : Read();
        var step = tokens.TryTake(TokenKind.Operator, ":") && !Ends() ? Read() : null;
        tokens.Expect(TokenKind.Operator, "]");
        return new Slice(at, target, start, stop, step);

        bool Ends() => tokens.Current.Is(TokenKind.Operator, ":") || tokens.Current.Is(TokenKind.Operator, "]");
    }

    (IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named) ReadArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        ReadSeparated(")", () =>
        {
            var value = Read();
            if (value is Variable name && tokens.TryTake(TokenKind.Operator, "="))
                named.Add((name.Name, Read()));
            else
                positional.Add(value);
        });
        return (positional, named);
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
        var items = new List<Expression> { Read() };
        bool isTuple = tokens.Current.Is(TokenKind.Operator, ",");
        while (tokens.TryTake(TokenKind.Operator, ",") && !tokens.Current.Is(TokenKind.Operator, ")"))
            items.Add(Read());
        tokens.Expect(TokenKind.Operator, ")");
        return isTuple ? new ListLiteral(at, items) : items[0];
    }

    ListLiteral ReadList()
    {
        var at = tokens.Take().Position;
        var items = new List<Expression>();
        ReadSeparated("]", () => items.Add(Read()));
        return new(at, items);
    }

    ObjectLiteral ReadObject()
    {
        var at = tokens.Take().Position;
        var fields = new List<(Expression, Expression)>();
        ReadSeparated("}", () =>
        {
            var name = Read();
            tokens.Expect(TokenKind.Operator, ":");
            fields.Add((name, Read()));
        });
        return new(at, fields);
    }
}
