using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ColorCode;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using PruneNotebooks.Display;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A notebook as one page of HTML that needs nothing else: no network, no file beside it.</summary>
public static class HtmlPage
{
    static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();

    /// <summary>The page of a notebook as its bytes have it after a run.</summary>
    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="folder">Where the pictures lie that text cells refer to; they become part of the page.</param>
    public static string Of(Notebook notebook, string folder)
    {
        var body = new StringBuilder();
        bool charts = false;
        string? title = null;
        foreach (NotebookCell cell in notebook.Cells)
        {
            if (cell.Kind == CellKind.Markdown)
            {
                MarkdownDocument text = Markdig.Markdown.Parse(cell.Source, Markdown);
                if (text.Descendants<HeadingBlock>().FirstOrDefault()?.Inline is { } heading) title ??= string.Concat(heading.Descendants<LiteralInline>());
                foreach (LinkInline link in text.Descendants<LinkInline>().Where(link => link.IsImage)) link.Url = Inlined(link.Url ?? "", cell, folder);
                body.Append(Rendered(text));
            }
            else if (cell.Kind == CellKind.Code && cell.Number > 0) charts |= AppendCode(body, cell, notebook.Language);
        }
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append("<title>").Append(Encoded(title ?? Path.GetFileNameWithoutExtension(notebook.Name))).Append("</title>\n");
        page.Append("<style>\n").Append(PageResource.Text("Page.page.css")).Append("</style>\n");
        bool formulas = Formulas.In($"{body}");
        if (formulas) page.Append("<style>").Append(Formulas.Style).Append("</style>\n");
        if (charts) page.Append("<script>").Append(Charts.Script).Append("</script>\n");
        page.Append("</head>\n<body>\n<main>\n").Append(body).Append("</main>\n");
        if (charts) page.Append("<script>\n").Append(PageResource.Text("Page.charts.js")).Append("</script>\n");
        if (formulas) page.Append("<script>").Append(Formulas.Script).Append("</script>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    static bool AppendCode(StringBuilder page, NotebookCell cell, string? language)
    {
        JsonArray outputs = cell.Outputs.ValueKind == JsonValueKind.Array ? (JsonArray)JsonNode.Parse(cell.Outputs.GetRawText())! : [];
        CellLanguage spoken = CellLanguage.Of(cell, language);
        string badge = spoken.Name == CellLanguage.OfNotebook(language).Name ? "" : $"<div class=\"language\">{Encoded(spoken.Name)}</div>";
        string code = new HtmlClassFormatter().GetHtmlString(cell.Source.TrimEnd(), spoken.Grammar);
        page.Append($"<section>\n<div class=\"count\">[{cell.Number}]</div>\n<div class=\"code\">{badge}{code}</div>\n");
        foreach (JsonObject output in outputs.OfType<JsonObject>())
        {
            (string kind, string html) = Shown(output);
            page.Append($"<div class=\"output {kind}\">{html}</div>\n");
        }
        page.Append("</section>\n");
        return Drawing.In(outputs).Any(drawing => drawing.IsChart);
    }

    static (string Kind, string Html) Shown(JsonObject output)
    {
        string type = (string?)output["output_type"] ?? "";
        if (type == "stream") return ((string?)output["name"] ?? "", Preformatted(Text(output["text"])));
        if (type == "error") return ("error", Preformatted(string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(line => (string?)line))));
        if (output["data"] is not JsonObject data) return ("", "");
        if (data[CommittedForm.Plotly] is JsonObject figure)
        {
            (int width, int height) = Charts.Size(figure);
            string still = Picture(output, data, "image/png"), json = $"<script type=\"application/json\">{Charts.Literal(figure)}</script>";
            return ("", $"<div class=\"chart\" role=\"img\" aria-label=\"{Encoded(AlternativeText.Of(data))}\" style=\"width:{width}px;max-width:100%;height:{height}px\">{still}{json}</div>");
        }
        if (data[CommittedForm.JavaScript] is JsonObject cell)
            return ("", $"{JavaScriptCell.Fragment(Charts.Literal(cell))}<noscript>{Picture(output, data, "image/png")}</noscript>");
        foreach (string picture in (string[])["image/png", "image/jpeg", "image/gif", "image/webp"])
            if (data[picture] is not null) return ("", Picture(output, data, picture));
        if (data["image/svg+xml"] is { } drawing) return ("", $"<img alt=\"{Encoded(AlternativeText.Of(data))}\" src=\"{DataUrl("image/svg+xml", Encoding.UTF8.GetBytes(Text(drawing)))}\">");
        if (data["text/html"] is { } html) return ("", Text(html));
        if (data["text/markdown"] is { } markdown) return ("", Rendered(Markdig.Markdown.Parse(Text(markdown), Markdown)));
        return ("", Preformatted(Text(data["text/plain"])));
    }

    static string Picture(JsonObject output, JsonObject data, string type)
    {
        if (data[type] is null) return "";
        string size = output["metadata"]?[type] is JsonObject m && m["width"] is { } w ? $" width=\"{w}\"" : "";
        return $"<img alt=\"{Encoded(AlternativeText.Of(data))}\"{size} src=\"data:{type};base64,{Text(data[type]).ReplaceLineEndings("")}\">";
    }

    /// <summary>A picture of a text cell as part of the page: attached to the cell, or a file beside the notebook.</summary>
    static string Inlined(string url, NotebookCell cell, string folder)
    {
        if (url.StartsWith("attachment:", StringComparison.Ordinal))
        {
            var attached = cell.Attachments.At(Uri.UnescapeDataString(url["attachment:".Length..]));
            if (attached.ValueKind != JsonValueKind.Object) return url;
            JsonProperty picture = attached.EnumerateObject().FirstOrDefault();
            return $"data:{picture.Name};base64,{picture.Value.AsLines()?.ReplaceLineEndings("")}";
        }
        if (Uri.TryCreate(url, UriKind.Absolute, out _)) return url;
        string file = Path.Combine(folder, Uri.UnescapeDataString(url));
        string? type = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".webp" => "image/webp",
            ".svg" => "image/svg+xml",
            _ => null,
        };
        return type is not null && File.Exists(file) ? DataUrl(type, File.ReadAllBytes(file)) : url;
    }

    static string Rendered(MarkdownDocument text)
    {
        Formulas.Mark(text);
        return text.ToHtml(Markdown);
    }

    static string DataUrl(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";

    static string Text(JsonNode? value) => value is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)value ?? "";
    static string Preformatted(string text) => $"<pre>{Encoded(text)}</pre>";
    static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
