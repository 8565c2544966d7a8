namespace PruneNotebooks.Display;

/// <summary>Scripts and styles that are files beside this one and travel inside the library.</summary>
static class Resource
{
    public static string Text(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream($"PruneNotebooks.Display.Scripts.{name}")
            ?? throw new InvalidOperationException($"The library was built without its file {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
