namespace PruneNotebooks.Models.Chat;

/// <summary>
/// Reads expressions. From the loosest to the tightest: choice, or, and, not, comparisons, + -, ~, * / // %, sign, filters and tests.
/// What the operators work on is read by <see cref="OperandParser"/>.
/// </summary>
sealed class ExpressionParser
{
    const int DeepestNesting = 200;
    readonly TokenReader _tokens;
    readonly OperandParser _operands;
    int _depth;

    public ExpressionParser(TokenReader tokens) => (_tokens, _operands) = (tokens, new(tokens, Read));

    /// <summary>Any expression.</summary>
    public Expression Read()
    {
        if (++_depth > DeepestNesting)
            throw _tokens.Current.Position.Unsupported($"an expression nested deeper than {DeepestNesting}");
        var value = ReadWithoutChoice();
        while (_tokens.Current.Is(TokenKind.Name, "if"))
        {
            var at = _tokens.Take().Position;
            var condition = ReadWithoutChoice();
            value = new Choice(at, condition, value, _tokens.TryTake(TokenKind.Name, "else") ? Read() : null);
        }
        _depth--;
        return value;
    }

    /// <summary>An expression that leaves a following <c>if</c> alone, as in <c>for x in items if x</c>.</summary>
    public Expression ReadWithoutChoice() => ReadLogic("or", () => ReadLogic("and", ReadNot));

    Expression ReadLogic(string word, Func<Expression> operand)
    {
        var left = operand();
        while (_tokens.Current.Is(TokenKind.Name, word))
            left = new Logic(_tokens.Take().Position, word == "and", left, operand());
        return left;
    }

    Expression ReadNot()
    {
        var at = _tokens.Current.Position;
        bool negate = false;
        while (_tokens.TryTake(TokenKind.Name, "not"))
            negate = !negate;
        var value = ReadComparison();
        return negate ? new Not(at, value) : value;
    }

    Expression ReadComparison()
    {
        var first = ReadSum();
        var rest = new List<(string, Expression)>();
        var at = _tokens.Current.Position;
        while (ComparisonOperator() is { } symbol)
            rest.Add((symbol, ReadSum()));
        return rest.Count > 0 ? new Comparison(at, first, rest) : first;
    }

    string? ComparisonOperator()
    {
        if (_tokens.Current.Kind == TokenKind.Operator && _tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            return _tokens.Take().Text;
        if (_tokens.TryTake(TokenKind.Name, "in"))
            return "in";
        if (!_tokens.TryTake(TokenKind.Name, "not"))
            return null;
        _tokens.Expect(TokenKind.Name, "in");
        return "not in";
    }

    Expression ReadSum() => ReadArithmetic(["+", "-"], ReadConcatenation);

    Expression ReadConcatenation() => ReadArithmetic(["~"], ReadProduct);

    Expression ReadProduct() => ReadArithmetic(["*", "/", "//", "%"], ReadSigned);

    Expression ReadArithmetic(string[] symbols, Func<Expression> operand)
    {
        var left = operand();
        while (_tokens.Current.Kind == TokenKind.Operator && symbols.Contains(_tokens.Current.Text))
        {
            var symbol = _tokens.Take();
            left = new Arithmetic(symbol.Position, symbol.Text, left, operand());
        }
        return left;
    }

    Expression ReadSigned()
    {
        var at = _tokens.Current.Position;
        bool negative = false;
        for (bool more = true; more;)
        {
            bool minus = _tokens.TryTake(TokenKind.Operator, "-");
            negative ^= minus;
            more = minus || _tokens.TryTake(TokenKind.Operator, "+");
        }
        var operand = _operands.Read();
        var value = negative ? new Negative(at, operand) : operand;
        while (true)
        {
            if (_tokens.TryTake(TokenKind.Operator, "|"))
                value = ReadFilter(value);
            else if (_tokens.TryTake(TokenKind.Name, "is"))
                value = ReadTest(value);
            else
                return value;
        }
    }

    Filter ReadFilter(Expression value)
    {
        var name = _tokens.ExpectName();
        var arguments = _tokens.TryTake(TokenKind.Operator, "(") ? _operands.ReadArguments() : ArgumentList.None;
        return new(name.Position, value, name.Text, arguments);
    }

    Expression ReadTest(Expression value)
    {
        bool negate = _tokens.TryTake(TokenKind.Name, "not");
        var name = _tokens.ExpectName();
        var arguments = ArgumentList.None;
        if (_tokens.TryTake(TokenKind.Operator, "("))
            arguments = _operands.ReadArguments();
        else if (BeginsOperand(_tokens.Current))
            arguments = new([_operands.Read()], []);
        var test = new Test(name.Position, value, name.Text, arguments);
        return negate ? new Not(name.Position, test) : test;
    }

    /// <summary>Whether an argument without brackets follows, as in <c>x is divisibleby 3</c>.</summary>
    static bool BeginsOperand(Token token) => token.Kind is TokenKind.String or TokenKind.Number
        || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"))
        || (token.Kind == TokenKind.Operator && token.Text is "[" or "{");
}
