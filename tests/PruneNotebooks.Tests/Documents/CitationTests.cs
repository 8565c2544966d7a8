using System.Text.RegularExpressions;
using PruneNotebooks.Pruners;

namespace PruneNotebooks.Tests.Documents;

/// <summary>CITATION.cff names every paper that is implemented.</summary>
public sealed partial class CitationTests
{
    static readonly string Text = File.ReadAllText(Path.Combine(TestData.Path(), "..", "..", "CITATION.cff"));

    public static TheoryData<string> Papers => [.. MethodCatalogue.All.Select(method => method.ArXiv).OfType<string>().Distinct()];

    [Theory]
    [MemberData(nameof(Papers))]
    public void Every_paper_of_the_catalogue_is_cited(string arXiv)
    {
        Assert.True(Identifiers().Contains(arXiv), $"CITATION.cff has no reference with 'doi: 10.48550/arXiv.{arXiv}': add the paper there, in the order of the identifiers.");
    }

    [Fact]
    public void References_are_complete_and_in_order()
    {
        string[] references = Text[Text.IndexOf("references:\n", StringComparison.Ordinal)..].Split("  - type: article\n")[1..];
        Assert.All(references, reference =>
        {
            string id = Identifier().Match(reference).Groups[1].Value;
            Assert.Contains("    title: ", reference);
            Assert.Contains("    authors:\n      - ", reference);
            Assert.Contains($"    url: https://arxiv.org/abs/{id}\n", reference);
            Assert.Contains($"    year: 20{id[..2]}\n", reference);
        });
        // One identifier may stand for two papers: arXiv 2412.01818 is another method since its second version.
        Assert.Equal(references.Length, Identifiers().Count);
        Assert.Equal(references.Length, references.Distinct().Count());
        Assert.Equal(Identifiers().Order(StringComparer.Ordinal), Identifiers());
    }

    static List<string> Identifiers() => [.. Identifier().Matches(Text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^    doi: 10\.48550/arXiv\.(\d{4}\.\d{5})$", RegexOptions.Multiline)]
    private static partial Regex Identifier();
}
