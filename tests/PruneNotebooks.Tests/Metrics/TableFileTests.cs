using Parquet.Serialization;
using PruneNotebooks.Bench;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class TableFileTests : IDisposable
{
    public sealed class Row
    {
        public int Layer { get; set; }

        public double Information { get; set; }

        public string Category { get; set; } = "";
    }

    static readonly Row[] Rows = [new() { Layer = 1, Information = -0.125, Category = "where" }, new() { Layer = 2, Information = 1e-7, Category = "a \"b\", c" }];

    readonly TemporaryFolder folder = new();

    string In(string name) => Path.Combine(folder.Path, "new", name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_csv_file_has_a_header_and_invariant_numbers_and_quotes_what_needs_it()
    {
        TableFile.Write(In("rows.csv"), Rows);
        Assert.Equal(["Layer,Information,Category", "1,-0.125,where", "2,1E-07,\"a \"\"b\"\", c\""], File.ReadAllLines(In("rows.csv")));
    }

    [Fact]
    public async Task A_parquet_file_gives_the_same_rows_back()
    {
        TableFile.Write(In("rows.parquet"), Rows);
        var read = await ParquetSerializer.DeserializeAsync<Row>(In("rows.parquet"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Rows.Select(row => (row.Layer, row.Information, row.Category)), read.Data.Select(row => (row.Layer, row.Information, row.Category)));
    }

    [Fact]
    public void Records_are_rows_too()
    {
        InformationRow[] rows = [new(0, 1, "Colour", 3, 2, 1, 0.5, 0.25, 1)];
        TableFile.Write(In("records.csv"), rows);
        TableFile.Write(In("records.parquet"), rows);
        Assert.Equal("0,1,Colour,3,2,1,0.5,0.25,1", File.ReadAllLines(In("records.csv"))[1]);
        Assert.True(new FileInfo(In("records.parquet")).Length > 100);
    }

    [Fact]
    public void A_csv_file_is_read_again_and_a_damaged_one_is_refused()
    {
        BenchScore[] rows = [new("divprune", "25 %", "", "all", 36.5, 3, 4, 0.75, 0.5, 1, null, null, null, null, null, ""), new("a, \"b\"", "", "", "Count", null, null, null, null, null, null, null, null, null, null, null, "too deep")];
        TableFile.Write(In("scores.csv"), rows);
        Assert.Equal(rows, TableFile.Read<BenchScore>(In("scores.csv")));
        File.WriteAllLines(In("scores.csv"), File.ReadAllLines(In("scores.csv")).Select((line, i) => i == 1 ? line.Replace("36.5", "many", StringComparison.Ordinal) : line));
        Assert.Contains("Tokens is 'many'", Assert.Throws<InvalidDataException>(() => TableFile.Read<BenchScore>(In("scores.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_lines_hold_a_row_each()
    {
        TableFile.Write(In("rows.jsonl"), Rows);
        Assert.Equal(["""{"layer":1,"information":-0.125,"category":"where"}""", """{"layer":2,"information":1E-07,"category":"a \"b\", c"}"""], File.ReadAllLines(In("rows.jsonl")));
    }

    [Fact]
    public void Nothing_is_half_written()
    {
        static IEnumerable<Row> Failing()
        {
            yield return Rows[0];
            throw new InvalidOperationException("in the middle");
        }
        foreach (string name in new[] { "rows.csv", "rows.parquet", "rows.jsonl" })
        {
            Assert.Throws<InvalidOperationException>(() => TableFile.Write(In(name), Failing()));
            Assert.False(File.Exists(In(name)));
        }
        Assert.Contains(".csv, .parquet or .jsonl", Assert.Throws<ArgumentException>(() => TableFile.Write(In("rows.txt"), Rows)).Message, StringComparison.Ordinal);
    }
}
