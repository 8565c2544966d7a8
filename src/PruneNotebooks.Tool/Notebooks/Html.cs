using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A displayed fragment of HTML, without what loads or runs something, and as text.</summary>
sealed class Html
{
    // The parser gives names in lower case.
    static readonly HashSet<string> Active = ["script", "style", "iframe", "object", "embed", "template", "link", "meta", "base", "noscript"];
    static readonly HashSet<string> Visible = ["img", "svg", "hr", "video", "audio", "canvas"];
    static readonly HashSet<string> Blocks = ["tr", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "pre", "br", "caption", "table"];

    readonly IElement body;

    public Html(string fragment)
    {
        body = new HtmlParser().ParseDocument($"<body>{fragment}").Body!;
        foreach (INode comment in body.Descendants<IComment>().ToList()) comment.Parent?.RemoveChild(comment);
        foreach (IElement element in body.QuerySelectorAll("*").ToList())
        {
            if (Active.Contains(element.LocalName)) element.Remove();
            else foreach (IAttr attribute in element.Attributes.Where(RunsSomething).ToList()) element.RemoveAttribute(attribute.Name);
        }
        Text = string.Join('\n', Plain(body).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0));
    }

    /// <summary>The text: one line per row, paragraph or item; columns are two blanks apart.</summary>
    public string Text { get; }

    /// <summary>The fragment without scripts, styles and event handlers.</summary>
    public string Passive => body.InnerHtml.ReplaceLineEndings("\n").Trim();

    /// <summary>Whether there is anything to see.</summary>
    public bool ShowsSomething => Text.Length > 0 || body.QuerySelectorAll("*").Any(element => Visible.Contains(element.LocalName));

    /// <summary>Whether this is the kernel's frame around a value that is only text.</summary>
    public bool IsPlainText =>
        body.ChildElementCount == 1 && body.FirstElementChild!.ClassList.Contains("dni-plaintext") && body.QuerySelectorAll("*").Length == 2;

    static bool RunsSomething(IAttr attribute) =>
        attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        || attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);

    static string Plain(INode node)
    {
        var text = new StringBuilder();
        foreach (INode child in node.ChildNodes)
        {
            if (child is IText leaf) text.Append(IsPreformatted(leaf) ? leaf.Data : Squeezed(leaf.Data));
            if (child is not IElement element) continue;
            text.Append(Plain(element));
            if (element.LocalName is "td" or "th") text.Append("  ");
            if (Blocks.Contains(element.LocalName)) text.Append('\n');
        }
        return text.ToString();
    }

    static bool IsPreformatted(INode node) => node.Ancestors<IElement>().Any(element => element.LocalName == "pre");

    static string Squeezed(string text)
    {
        string words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length == 0) return text.Contains('\n') || text.Length == 0 ? "" : " ";
        return (char.IsWhiteSpace(text[0]) ? " " : "") + words + (char.IsWhiteSpace(text[^1]) ? " " : "");
    }
}
