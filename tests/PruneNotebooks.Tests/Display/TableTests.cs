using PruneNotebooks.Display;

namespace PruneNotebooks.Tests.Display;

public sealed class TableTests
{
    static readonly Table Results = Table.Of(
        new[] { (Name: "random", Accuracy: 0.8125, Time: TimeSpan.FromMilliseconds(12.345)), (Name: "<HiPrune>", Accuracy: 0.9, Time: TimeSpan.FromSeconds(2)) },
        ("method", r => r.Name), ("accuracy", r => Units.Percent(r.Accuracy)), ("prefill", r => r.Time), ("first", r => r.Name == "random")).Titled("Results");

    [Fact]
    public void Text_is_aligned_numbers_to_the_right() => Assert.Equal(
        """
        Results
        method     accuracy  prefill  first
        ---------  --------  -------  -----
        random       81.2 %  12.3 ms  yes
        <HiPrune>      90 %      2 s  no
        """, $"{Results}");

    [Fact]
    public void Html_is_escaped_and_has_neither_script_nor_style_sheet()
    {
        string html = Results.ToHtml();
        Assert.Contains("<td style=\"text-align:left\">&lt;HiPrune&gt;</td><td align=\"right\">90 %</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(3, html.Split("<tr>").Length - 1);
    }

    [Fact]
    public void A_long_table_is_cut_and_says_so()
    {
        var table = Table.Of(Enumerable.Range(0, 100_000), ("number", i => i));
        Assert.EndsWith("\n    99\n… and 99900 more rows", $"{table}", StringComparison.Ordinal);
        Assert.EndsWith("</table><p>… and 99900 more rows</p>", table.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_does_not_fit_is_refused() =>
        Assert.Contains("Row 1 has 1 values", Assert.Throws<ArgumentException>(() => new Table(["a", "b"], [[1, 2], [3]])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(144, "144")]
    [InlineData(999999, "999999")]
    [InlineData(12345678, "1.23e+07")]
    [InlineData(0.012345, "0.0123")]
    [InlineData(-3.14159, "-3.14")]
    [InlineData(1234.5678, "1235")]
    [InlineData(0.000012, "1.2e-05")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_have_three_significant_digits(double value, string text) => Assert.Equal(text, Units.Number(value));

    [Fact]
    public void Units_fit_the_size()
    {
        Assert.Equal(["1.23 GFLOPs", "999 FLOPs", "1 MFLOPs", "0 FLOPs"], new[] { 1.234e9, 999, 999_900, 0 }.Select(Units.Flops));
        Assert.Equal(["512 B", "1.5 KiB", "1 MiB"], new[] { 512.0, 1536, 1048576 }.Select(Units.Bytes));
        Assert.Equal(["12.3 ms", "1 ms", "1.5 s", "2.5 µs", "20 min", "0 s"],
            new[] { 12.345, 0.9999, 1500, 0.0025, 1_200_000, 0 }.Select(ms => Units.Time(TimeSpan.FromMilliseconds(ms))));
    }
}
