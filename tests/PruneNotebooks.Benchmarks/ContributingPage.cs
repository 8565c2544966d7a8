using System.Text;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Benchmarks;

/// <summary>The place in CONTRIBUTING.md where the measured table stands.</summary>
internal static class ContributingPage
{
    const string Start = "<!-- ratios: made by the benchmarks, do not edit -->", End = "<!-- /ratios -->";

    /// <summary>Replaces what stands between the two markers.</summary>
    /// <exception cref="InvalidDataException">The markers are not there.</exception>
    public static void Replace(string table)
    {
        string file = Path.Combine(Repository.Root, "CONTRIBUTING.md");
        string page = File.ReadAllText(file);
        int start = page.IndexOf(Start, StringComparison.Ordinal), end = page.IndexOf(End, StringComparison.Ordinal);
        if (start < 0 || end < start) throw new InvalidDataException($"'{file}' has no lines '{Start}' and '{End}', in this order; the table goes between them.");
        AtomicFile.Write(file, Encoding.UTF8.GetBytes($"{page[..(start + Start.Length)]}\n\n{table}\n\n{page[end..]}"));
        Console.WriteLine($"The table is in {file}.");
    }
}
