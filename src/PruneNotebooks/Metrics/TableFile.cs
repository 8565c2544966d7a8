using System.Globalization;
using CsvHelper;
using Parquet.Serialization;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Metrics;

/// <summary>Writes rows - flat records such as <see cref="InformationRow"/> - as a table that other programs read.</summary>
public static class TableFile
{
    /// <summary>Writes a CSV file (RFC 4180, UTF-8, invariant numbers) or, by the file's ending, a Parquet file. The file is complete or not there.</summary>
    /// <param name="path">Ends with <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="rows">The rows; each property becomes a column.</param>
    /// <exception cref="ArgumentException">Another ending.</exception>
    public static void Write<T>(string path, IEnumerable<T> rows) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rows);
        T[] all = [.. rows];    // Parquet goes through them column by column.
        Action<Stream> write = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => stream => WriteCsv(stream, all),
            ".parquet" => stream => WriteParquet(stream, all),
            var other => throw new ArgumentException($"'{path}' ends with '{other}'; .csv or .parquet is expected.", nameof(path)),
        };
        AtomicFile.Write(path, write);
    }

    static void WriteCsv<T>(Stream stream, IEnumerable<T> rows)
    {
        var columns = typeof(T).GetProperties();
        using var csv = CsvWriter.Create(stream, options: null, leaveOpen: true);
        foreach (var column in columns) csv.WriteField(column.Name);
        csv.EndRecord();
        foreach (var row in rows)
        {
            foreach (var column in columns) csv.WriteField(Convert.ToString(column.GetValue(row), CultureInfo.InvariantCulture));
            csv.EndRecord();
        }
    }

    static void WriteParquet<T>(Stream stream, IEnumerable<T> rows)
    {
        // The writer needs a stream that it can ask for its place.
        using var buffer = new MemoryStream();
        ParquetSerializer.SerializeAsync(rows, buffer).GetAwaiter().GetResult();
        buffer.Position = 0;
        buffer.CopyTo(stream);
    }
}
