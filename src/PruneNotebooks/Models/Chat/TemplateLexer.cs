using System.Globalization;
using System.Text;

namespace PruneNotebooks.Models.Chat;

/// <summary>Cuts a Jinja template into text and the tokens inside <c>{{ }}</c> and <c>{% %}</c>.</summary>
/// <remarks>
/// White space as in the reference library (<c>trim_blocks</c>, <c>lstrip_blocks</c>): the line end after a block or comment goes, and so
/// do blanks before one that begins its line; <c>-</c> takes all white space on its side, <c>+</c> keeps what would go.
/// </remarks>
sealed class TemplateLexer(string source, string template)
{
    static readonly string[] LongOperators = ["==", "!=", "<=", ">=", "//", "**"];

    readonly string _text = Normalize(template);
    readonly List<Token> _tokens = [];
    int _at;
    bool _lineStarts = true; // whether what has been read so far ends a line

    public static List<Token> Read(string source, string template) => new TemplateLexer(source, template).Read();

    static string Normalize(string template)
    {
        string text = template.ReplaceLineEndings("\n");
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    List<Token> Read()
    {
        while (_at < _text.Length)
        {
            int tag = NextTag();
            ReadText(tag);
            if (tag == _text.Length)
                break;
            char kind = _text[tag + 1];
            _at = tag + 2;
            if (Current is '-' or '+')
                _at++;
            if (kind == '#')
                SkipComment(tag);
            else
                ReadTag(tag, kind == '%');
        }
        Add(TokenKind.End, "", _text.Length);
        return _tokens;
    }

    char Current => _at < _text.Length ? _text[_at] : '\0';

    int NextTag()
    {
        for (int i = _at; i + 1 < _text.Length; i++)
        {
            if (_text[i] == '{' && _text[i + 1] is ('{' or '%' or '#'))
                return i;
        }
        return _text.Length;
    }

    void ReadText(int end)
    {
        int start = _at;
        string text = _text[start..end];
        if (end < _text.Length)
        {
            char sign = end + 2 < _text.Length ? _text[end + 2] : '\0';
            if (sign == '-')
                text = text.TrimEnd();
            else if (sign != '+' && _text[end + 1] != '{')
                text = WithoutIndentation(text);
        }
        if (text.Length > 0)
            Add(TokenKind.Text, text, start);
    }

    string WithoutIndentation(string text)
    {
        int line = text.LastIndexOf('\n') + 1;
        bool beginsLine = line > 0 || _lineStarts;
        return beginsLine && string.IsNullOrWhiteSpace(text[line..]) ? text[..line] : text;
    }

    void SkipComment(int tag)
    {
        int end = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw PositionOf(tag).Damaged("the comment has no end");
        _at = end + 2;
        SkipAfterTag(_text[end - 1], isBlock: true);
    }

    void ReadTag(int tag, bool isBlock)
    {
        string close = isBlock ? "%}" : "}}";
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.OutputBegin, _text[tag..(tag + 2)], tag);
        for (int depth = 0; ;)
        {
            while (char.IsWhiteSpace(Current))
                _at++;
            if (_at >= _text.Length)
                throw PositionOf(tag).Damaged($"the tag has no end \"{close}\"");
            int sign = Current is '-' or '+' ? 1 : 0;
            if (depth == 0 && string.CompareOrdinal(_text, _at + sign, close, 0, 2) == 0)
            {
                Add(isBlock ? TokenKind.BlockEnd : TokenKind.OutputEnd, close, _at);
                char mark = sign == 1 ? Current : '\0';
                _at += sign + 2;
                SkipAfterTag(mark, isBlock);
                return;
            }
            depth += Current is '(' or '[' or '{' ? 1 : Current is ')' or ']' or '}' ? -1 : 0;
            ReadToken();
        }
    }

    void SkipAfterTag(char mark, bool isBlock)
    {
        int start = _at;
        if (mark == '-')
        {
            while (char.IsWhiteSpace(Current))
                _at++;
        }
        else if (isBlock && mark != '+' && Current == '\n')
        {
            _at++;
        }
        _lineStarts = _at > start && _text[_at - 1] == '\n';
    }

    void ReadToken()
    {
        int start = _at;
        if (char.IsAsciiLetter(Current) || Current == '_')
            ReadWhile(TokenKind.Name, c => char.IsAsciiLetterOrDigit(c) || c == '_');
        else if (char.IsAsciiDigit(Current))
            ReadNumber();
        else if (Current is '\'' or '"')
            ReadString();
        else
            ReadOperator();
    }

    void ReadOperator()
    {
        int length = LongOperators.Any(o => string.CompareOrdinal(_text, _at, o, 0, 2) == 0) ? 2 : 1;
        if (length == 1 && !"+-*/%~<>=()[]{}.,:|".Contains(Current, StringComparison.Ordinal))
            throw PositionOf(_at).Damaged($"the character '{Current}' has no meaning here");
        Add(TokenKind.Operator, _text.Substring(_at, length), _at);
        _at += length;
    }

    void ReadNumber()
    {
        int start = _at;
        while (char.IsAsciiDigit(Current) || (Current == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
            _at++;
        Add(TokenKind.Number, _text[start.._at], start);
    }

    void ReadWhile(TokenKind kind, Func<char, bool> belongs)
    {
        int start = _at;
        while (_at < _text.Length && belongs(Current))
            _at++;
        Add(kind, _text[start.._at], start);
    }

    void ReadString()
    {
        int start = _at;
        char quote = _text[_at++];
        var value = new StringBuilder();
        for (; Current != quote; _at++)
        {
            if (_at >= _text.Length)
                throw PositionOf(start).Damaged("the text has no closing quote");
            value.Append(Current == '\\' ? Escaped(start) : Current.ToString());
        }
        _at++;
        Add(TokenKind.String, value.ToString(), start);
    }

    /// <summary>The character that a backslash and what follows stand for; leaves the place on the last of them.</summary>
    string Escaped(int start)
    {
        _at++;
        int digits = Current switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits == 0)
        {
            return Current switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                '\\' or '\'' or '"' => Current.ToString(),
                '\n' => "",
                _ => "\\" + Current,
            };
        }
        var hex = _text.AsSpan(_at + 1, Math.Min(digits, _text.Length - _at - 1));
        if (hex.Length < digits || !ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            throw PositionOf(start).Damaged("the text has a damaged escape sequence");
        _at += digits;
        return ((char)code).ToString();
    }

    void Add(TokenKind kind, string text, int start) => _tokens.Add(new(kind, text, PositionOf(start)));

    Position PositionOf(int at) => new(source, _text, at);
}
