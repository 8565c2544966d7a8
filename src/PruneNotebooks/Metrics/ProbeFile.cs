using System.Text.Json;
using PruneNotebooks.Models;

namespace PruneNotebooks.Metrics;

/// <summary>Probes from a manifest: a text file with one JSON object a line, <c>{"id": "17", "image": "cat.jpg", "prompt": "...", "answer": "...", "category": "..."}</c>.</summary>
public static class ProbeFile
{
    sealed record Line(string? Id, string? Image, string? Prompt, string? Answer, string? Category);

    static readonly JsonSerializerOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Reads a manifest. Pictures are named relative to it; a picture that is named twice is read once.</summary>
    /// <param name="path">The manifest; empty lines are passed over. A line without an id is called by its number.</param>
    /// <param name="count">At most so many probes, the first ones; all if not given. Only their lines are read, and their pictures loaded.</param>
    /// <exception cref="InvalidDataException">A line is not such an object, a picture cannot be read, or an id occurs twice; the message names file and line.</exception>
    /// <exception cref="FileNotFoundException">There is no such manifest.</exception>
    public static IReadOnlyList<Probe> Read(string path, int count = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Dictionary<string, RgbImage> images = [];
        Dictionary<string, int> ids = [];
        List<Probe> probes = [];
        foreach (var (index, text) in File.ReadLines(path).Index())
        {
            if (probes.Count == count) break;
            if (string.IsNullOrWhiteSpace(text)) continue;
            string where = $"{path}, line {index + 1}";
            var line = Parse(text, where);
            string id = string.IsNullOrWhiteSpace(line.Id) ? $"{index + 1}" : line.Id;
            if (!ids.TryAdd(id, index + 1)) throw new InvalidDataException($"{where} has the id '{id}', which line {ids[id]} has, too: give each line its own.");
            string image = Path.GetFullPath(Path.Combine(folder, Required(line.Image, "image", where)));
            try
            {
                if (!images.TryGetValue(image, out var picture)) picture = images[image] = RgbImage.Load(image);
                probes.Add(new(picture, Required(line.Prompt, "prompt", where), Required(line.Answer, "answer", where), line.Category ?? "") { Id = id });
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
            {
                throw new InvalidDataException($"{where}: {e.Message}", e);
            }
        }
        return probes.Count > 0 ? probes : throw new InvalidDataException($"{path} has no line with a probe.");
    }

    static Line Parse(string text, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, AnyCase) ?? throw new InvalidDataException($"{where} is null; an object is expected.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{where} is not a JSON object with strings: {e.Message}", e);
        }
    }

    static string Required(string? value, string name, string where) =>
        string.IsNullOrWhiteSpace(value) ? throw new InvalidDataException($"{where} has no '{name}'.") : value;
}
