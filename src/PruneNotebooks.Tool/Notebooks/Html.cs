using System.Net;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The little that a committed notebook needs to know about HTML: how to take scripts out of it and how to read it as text.</summary>
static partial class Html
{
    /// <summary>The HTML without scripts, styles and what else loads or runs something.</summary>
    public static string WithoutScripts(string html) => Handler().Replace(Active().Replace(html, ""), "").ReplaceLineEndings("\n").Trim();

    /// <summary>The text of the HTML: one line per row, paragraph or item; columns are two blanks apart.</summary>
    public static string ToText(string html)
    {
        string text = Active().Replace(html, "");
        if (!text.Contains("<pre", StringComparison.OrdinalIgnoreCase)) text = WhiteSpace().Replace(text, " ");
        text = Tag().Replace(LineEnd().Replace(ColumnEnd().Replace(text, "  "), "\n"), "");
        return string.Join('\n', WebUtility.HtmlDecode(text).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)).Trim();
    }

    /// <summary>Whether there is anything to see: text, a picture, a drawing, a rule.</summary>
    public static bool ShowsSomething(string html) => ToText(html).Length > 0 || Visible().IsMatch(html);

    /// <summary>The kernel's frame around a value that is only text.</summary>
    public static bool IsPlainText(string html) => PlainValue().IsMatch(Active().Replace(html, "").Trim());

    [GeneratedRegex(@"<(script|style|iframe|object|template)\b.*?(</\1\s*>|\z)|<(link|meta|base|embed)\b[^>]*>|<!--.*?-->", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Active();

    [GeneratedRegex("""\s(on\w+\s*=|(href|src|action)\s*=\s*["']?\s*javascript:)\s*("[^"]*"|'[^']*'|[^\s>]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex Handler();

    [GeneratedRegex(@"<(img|svg|hr|video|canvas)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Visible();

    [GeneratedRegex(@"^<div class=""dni-plaintext""><pre>[^<]*</pre></div>$")]
    private static partial Regex PlainValue();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"</t[dh]\s*>", RegexOptions.IgnoreCase)]
    private static partial Regex ColumnEnd();

    [GeneratedRegex(@"<br\s*/?>|</(tr|p|div|li|h\d|summary|pre)\s*>", RegexOptions.IgnoreCase)]
    private static partial Regex LineEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
