namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Files beside this one that the program carries for the pages that it writes, by folder and name: <c>Page.page.css</c>.</summary>
static class PageResource
{
    public static byte[] Bytes(string name)
    {
        using Stream file = typeof(PageResource).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program was built without its file {name}.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public static string Text(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));
}
