using System.Net;
using Microsoft.DotNet.Interactive.Formatting;
using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>Tells the notebook how to show a type: the few ways that this library uses.</summary>
static class Show
{
    const int MostOnSheet = 24;

    public const string PlainText = "text/plain", Html = "text/html", Png = "image/png";

    /// <summary>As one piece of plain text.</summary>
    public static void AsText<T>(Func<T, string> text) => As(typeof(T), (PlainText, value => text((T)value)));

    /// <summary>As a picture, with the text for readers who do not see it.</summary>
    public static void AsPicture<T>(Func<T, byte[]> png, Func<T, string> text) => As(typeof(T),
        (Png, value => Convert.ToBase64String(png((T)value))),
        (PlainText, value => text((T)value)));

    /// <summary>Lists as one picture, at most the first 24 items of it, and a line of text for each.</summary>
    public static void AsSheet<T>(Func<IReadOnlyList<T>, RgbImage> draw) => AsPicture<IEnumerable<T>>(
        list => (list.Take(MostOnSheet).ToList() is { Count: > 0 } shown ? draw(shown) : Picture.Draw(1, 1, _ => { })).ToPng(),
        list => list.Any() ? string.Join('\n', list.Take(MostOnSheet).Select(item => $"{item}".Split('\n')[0])) : "nothing");

    /// <summary>As an HTML table and as plain text.</summary>
    public static void AsTable<T>(Func<T, Table> table) => As(typeof(T),
        (Html, value => table((T)value).ToHtml()),
        (PlainText, value => $"{table((T)value)}"));

    /// <summary>In the given MIME types, the best first. Whatever was registered for the type before is replaced.</summary>
    public static void As(Type type, params (string MimeType, Func<object, string> Format)[] forms)
    {
        foreach (var (mimeType, format) in forms)
            Formatter.Register(type, (value, writer) => writer.Write(format(value)), mimeType);
        Formatter.SetPreferredMimeTypesFor(type, [.. forms.Select(form => form.MimeType)]);
    }

    /// <summary>A picture as an HTML element that needs no file beside it.</summary>
    public static string Image(byte[] png, string alternative) =>
        $"<img alt=\"{WebUtility.HtmlEncode(alternative)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">";
}
