#:property PublishAot=false

// Brings the list of the library's public API (src/PruneNotebooks/PublicAPI.Unshipped.txt) up to date with its code.
//   dotnet run environment/public-api.cs               write it
//   dotnet run environment/public-api.cs -- --check    write nothing, fail if it is not up to date
// One build says what the list lacks and what it has too much; what was shipped and is gone gets a line *REMOVED*.
using System.Diagnostics;
using System.Text.Json;

const string library = "src/PruneNotebooks", missing = "RS0016", gone = "RS0017", removed = "*REMOVED*", header = "#nullable enable";
string report = Path.GetTempFileName();
int code = await RunAsync("dotnet", "build", library, "--no-incremental", "--nologo", "-v", "q", "-clp:ErrorsOnly", "-p:RunAnalyzers=true", $"-p:ErrorLog=\"{report},version=2.1\"");
if (code != 0) return code;

string list = Path.Combine(library, "PublicAPI.Unshipped.txt");
string before = File.ReadAllText(list);
var lines = before.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
using var json = JsonDocument.Parse(File.ReadAllBytes(report));
foreach (var result in json.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
{
    string? rule = result.GetProperty("ruleId").GetString(), text = result.GetProperty("message").GetProperty("text").GetString()!;
    if (rule is not (missing or gone)) continue;
    string symbol = text[(text.IndexOf('\'') + 1)..text.LastIndexOf('\'')];
    if (rule == missing) lines.Add(symbol);
    else if (!lines.Remove(symbol)) lines.Add(removed + symbol);
}
File.Delete(report);
lines.Remove(header);
string now = string.Join('\n', lines.Order(StringComparer.Ordinal).Prepend(header)) + "\n";
if (now == before) Console.WriteLine($"{list} is up to date");
else if (args is ["--check"])
{
    Console.Error.WriteLine($"{list} is not up to date: run 'dotnet run environment/public-api.cs' and commit what it changes");
    return 1;
}
else
{
    File.WriteAllText(list, now);
    Console.WriteLine($"{list} written: {lines.Count} lines");
}
return 0;

static async Task<int> RunAsync(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
    await process.WaitForExitAsync();
    return process.ExitCode;
}
