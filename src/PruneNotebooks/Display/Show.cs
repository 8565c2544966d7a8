using System.Collections;
using System.Net;
using Microsoft.DotNet.Interactive.Formatting;
using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>Tells the notebook how to show a type: the few ways that this library uses.</summary>
static class Show
{
    const int MostOnSheet = 24, MostLines = 100;

    public const string PlainText = "text/plain", Html = "text/html", Png = "image/png";

    /// <summary>As one piece of plain text; lists as the first line of each.</summary>
    public static void AsText<T>(Func<T, string> text) => AsText(typeof(T), value => text((T)value));

    /// <inheritdoc cref="AsText{T}"/>
    public static void AsText(Type type, Func<object, string> text)
    {
        As(type, (PlainText, text));
        As(ListOf(type), (PlainText, list => Lines(((IEnumerable)list).Cast<object?>().Select(item => item is null ? "<null>" : text(item).Split('\n')[0]))));
    }

    /// <summary>As a picture, with the text for readers who do not see it.</summary>
    public static void AsPicture<T>(Func<T, byte[]> png, Func<T, string> text) => As(typeof(T),
        (Png, value => Convert.ToBase64String(png((T)value))),
        (PlainText, value => text((T)value)));

    /// <summary>Lists as one picture, at most the first 24 items of it, and a line of text for each.</summary>
    public static void AsSheet<T>(Func<IReadOnlyList<T>, RgbImage> draw) => AsPicture<IEnumerable<T>>(
        list => (list.Take(MostOnSheet).ToList() is { Count: > 0 } shown ? draw(shown) : Picture.Draw(1, 1, _ => { })).ToPng(),
        list => Lines(list.Select(item => $"{item}".Split('\n')[0]), MostOnSheet));

    /// <summary>As an HTML table and as plain text.</summary>
    public static void AsTable<T>(Func<T, Table> table) => As(typeof(T),
        (Html, value => table((T)value).ToHtml()),
        (PlainText, value => $"{table((T)value)}"));

    /// <summary>As an HTML table and as plain text; lists as one table.</summary>
    public static void AsTable(Type type, Func<object, Table> one, Func<IEnumerable, Table> many)
    {
        As(type, (Html, value => one(value).ToHtml()), (PlainText, value => $"{one(value)}"));
        As(ListOf(type), (Html, list => many((IEnumerable)list).ToHtml()), (PlainText, list => $"{many((IEnumerable)list)}"));
    }

    /// <summary>In the given MIME types, the best first. Whatever was registered for the type before is replaced.</summary>
    /// <remarks>A form in HTML is there in any case: in lists, dictionaries and objects the kernel shows values as HTML.</remarks>
    public static void As(Type type, params (string MimeType, Func<object, string> Format)[] forms)
    {
        foreach (var (mimeType, format) in forms)
            Formatter.Register(type, (value, writer) => writer.Write(format(value)), mimeType);
        if (forms.All(form => form.MimeType != Html))
            Formatter.Register(type, (value, writer) => writer.Write(InHtml(value, forms)), Html);
        Formatter.SetPreferredMimeTypesFor(type, [.. forms.Select(form => form.MimeType)]);
    }

    static Type ListOf(Type type) => typeof(IEnumerable<>).MakeGenericType(type);

    static string Lines(IEnumerable<string> lines, int most = MostLines)
    {
        List<string> shown = [.. lines.Take(most + 1)];
        if (shown.Count > most) shown[most] = "…";
        return shown.Count > 0 ? string.Join('\n', shown) : "nothing";
    }

    static string InHtml(object value, (string MimeType, Func<object, string> Format)[] forms)
    {
        string text = forms.First(form => form.MimeType == PlainText).Format(value);
        if (forms.FirstOrDefault(form => form.MimeType == Png) is { Format: { } png }) return Image(png(value), text);
        return text.Contains('\n', StringComparison.Ordinal) ? $"<pre style=\"text-align:left\">{WebUtility.HtmlEncode(text)}</pre>" : WebUtility.HtmlEncode(text);
    }

    /// <summary>A picture as an HTML element that needs no file beside it.</summary>
    public static string Image(byte[] png, string alternative) => Image(Convert.ToBase64String(png), alternative);

    static string Image(string png, string alternative) => $"<img alt=\"{WebUtility.HtmlEncode(alternative)}\" src=\"data:image/png;base64,{png}\">";
}
