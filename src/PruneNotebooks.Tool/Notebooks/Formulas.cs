using System.Text.RegularExpressions;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The formulas of text cells: KaTeX sets them when the page is opened, from what the page carries. Without scripts their TeX remains.</summary>
static partial class Formulas
{
    static readonly Lazy<string> WholeStyle = new(() => FontFile().Replace(PageResource.Text("KaTeX.katex.min.css"), font =>
        $"url(data:font/woff2;base64,{Convert.ToBase64String(PageResource.Bytes($"KaTeX.fonts.{font.Groups[1].Value}.woff2"))}) format(\"woff2\")"));

    /// <summary>KaTeX's style sheet with its fonts in it.</summary>
    public static string Style => WholeStyle.Value;

    /// <summary>KaTeX, and what it is to do.</summary>
    public static string Script => $"{PageResource.Text("KaTeX.katex.min.js")}\n{PageResource.Text("Page.formulas.js")}";

    /// <summary>Whether a page has any.</summary>
    public static bool In(string html) => html.Contains("class=\"math", StringComparison.Ordinal);

    /// <summary>Makes <c>$$...$$</c> inside of a paragraph a formula on a line of its own, as notebooks do.</summary>
    public static void Mark(MarkdownDocument text)
    {
        foreach (MathInline formula in text.Descendants<MathInline>().Where(formula => formula.DelimiterCount == 2)) formula.GetAttributes().AddClass("display");
    }

    /// <summary>A font with its forms for older browsers.</summary>
    [GeneratedRegex("""url\(fonts/([\w-]+)\.woff2\) format\("woff2"\)(,url\([^)]*\) format\("\w+"\))*""")]
    private static partial Regex FontFile();
}
