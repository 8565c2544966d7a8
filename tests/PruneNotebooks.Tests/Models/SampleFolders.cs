namespace PruneNotebooks.Tests.Models;

/// <summary>Model folders with samples recorded from the reference library: in the test data, and under <c>PRUNE_REFERENCE</c>.</summary>
static class SampleFolders
{
    /// <summary>The folders that hold a file of that name, one theory row each.</summary>
    public static TheoryData<string> With(string sampleFile)
    {
        string[] places = [TestData.Path("reference"), TestData.Path("tokenizers"), Environment.GetEnvironmentVariable("PRUNE_REFERENCE") ?? ""];
        return [.. from place in places
                   where Directory.Exists(place)
                   from folder in Directory.EnumerateDirectories(place).Order(StringComparer.Ordinal)
                   where File.Exists(Path.Combine(folder, sampleFile))
                   select folder];
    }
}
