#:property PublishAot=false

// Brings the list of the library's public API (src/PruneNotebooks/PublicAPI.Unshipped.txt) up to date with its code.
//   dotnet run environment/public-api.cs
// One build says what the list lacks and what it has too much; what was shipped and is gone gets a line *REMOVED*.
using System.Diagnostics;
using System.Text.Json;

const string library = "src/PruneNotebooks", missing = "RS0016", gone = "RS0017", removed = "*REMOVED*";
string report = Path.GetTempFileName();
int code = await RunAsync("dotnet", "build", library, "--no-incremental", "--nologo", "-v", "q", "-clp:ErrorsOnly", "-p:RunAnalyzers=true", $"-p:WarningsNotAsErrors=\"{missing};{gone}\"", $"-p:ErrorLog=\"{report},version=2.1\"");
if (code != 0) return code;

string list = Path.Combine(library, "PublicAPI.Unshipped.txt");
var lines = File.ReadAllLines(list).ToHashSet();
int before = lines.Count;
using var json = JsonDocument.Parse(File.ReadAllBytes(report));
foreach (var result in json.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
{
    string? rule = result.GetProperty("ruleId").GetString(), text = result.GetProperty("message").GetProperty("text").GetString()!;
    if (rule is not (missing or gone)) continue;
    string symbol = text[(text.IndexOf('\'') + 1)..text.LastIndexOf('\'')];
    if (rule == missing) lines.Add(symbol);
    else if (!lines.Remove(symbol)) lines.Add(removed + symbol);
}
lines.Remove("#nullable enable");
File.WriteAllText(list, string.Join('\n', lines.Order(StringComparer.Ordinal).Prepend("#nullable enable")) + "\n");
File.Delete(report);
Console.WriteLine($"{list}: {before} lines before, {lines.Count + 1} now");
return 0;

static async Task<int> RunAsync(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
    await process.WaitForExitAsync();
    return process.ExitCode;
}
