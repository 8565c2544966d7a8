using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Parquet.Serialization;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Metrics;

/// <summary>Writes rows - flat records such as <see cref="InformationRow"/> - as a table that other programs read, and reads them again.</summary>
public static class TableFile
{
    static readonly JsonSerializerOptions Readable = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a CSV file (RFC 4180, UTF-8, invariant numbers) or, by the file's ending, a Parquet file or a JSON object a line. The file is complete or not there.</summary>
    /// <param name="path">Ends with <c>.csv</c>, <c>.parquet</c> or <c>.jsonl</c>.</param>
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
            ".jsonl" => stream => WriteJsonLines(stream, all),
            var other => throw new ArgumentException($"'{path}' ends with '{other}'; .csv, .parquet or .jsonl is expected.", nameof(path)),
        };
        AtomicFile.Write(path, write);
    }

    /// <summary>Reads the rows of a CSV file that <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is no such table; the message names the row.</exception>
    public static IReadOnlyList<T> Read<T>(string path) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var csv = CsvReader.Create(File.OpenRead(path), options: null, leaveOpen: false);
        var constructor = typeof(T).GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        List<T> rows = [];
        while (csv.Read()) rows.Add((T)constructor.Invoke([.. constructor.GetParameters().Select(column => Value(csv, column, path))]));
        return rows;
    }

    static object? Value(CsvReader csv, ParameterInfo column, string path)
    {
        if (!csv.TryGetFieldIndex(column.Name!, out int index)) throw new InvalidDataException($"'{path}' has no column '{column.Name}'; it has {string.Join(", ", csv.Headers)}.");
        string text = csv.GetString(index);
        if (column.ParameterType == typeof(string)) return text;
        var type = Nullable.GetUnderlyingType(column.ParameterType);
        if (type is not null && text.Length == 0) return null;
        try
        {
            return Convert.ChangeType(text, type ?? column.ParameterType, CultureInfo.InvariantCulture);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"'{path}', row {csv.RowNumber}: {column.Name} is '{text}'; a number is expected.", e);
        }
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

    static void WriteJsonLines<T>(Stream stream, IEnumerable<T> rows)
    {
        foreach (var row in rows) stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(row, Readable), (byte)'\n']);
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
