using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Display;

/// <summary>
/// A cell in JavaScript with the values that other cells handed to it. Its code runs in the reader's browser, in the cell's output:
/// it finds the values under their names and an empty <c>element</c> to draw in, may <c>await</c>, and shows what it returns.
/// </summary>
/// <remarks>
/// .NET Interactive's own JavaScript cells wait for a web server of the kernel, which neither Jupyter nor VS Code reach here.
/// The package's extension script gives <c>#!javascript</c> (or <c>#!js</c>) cells to this class instead; the page needs no network.
/// </remarks>
public sealed class JavaScriptCell
{
    /// <summary>The MIME type of the cell as data, for outputs that are kept: a picture is drawn from it.</summary>
    internal const string MimeType = "application/vnd.prune.javascript.v1+json";

    readonly string code;
    readonly JsonObject values = [];

    /// <summary>A cell that has not run yet.</summary>
    /// <param name="code">The body of an asynchronous function.</param>
    /// <param name="values">By name, as JSON: what <c>#!set</c> and <c>#!share</c> brought.</param>
    /// <exception cref="ArgumentException">A value is no JSON.</exception>
    public JavaScriptCell(string code, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(values);
        this.code = code;
        foreach (var (name, value) in values.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            try
            {
                this.values[name] = JsonNode.Parse(value);
            }
            catch (JsonException e)
            {
                throw new ArgumentException($"The value of '{name}' is no JSON ({e.Message.TrimEnd('.')}): share numbers, texts, lists and records of them.", nameof(values), e);
            }
        }
    }

    /// <summary>Code and values as JSON, ready to stand in a script: no character of it ends the script.</summary>
    internal string Json => new JsonObject { ["code"] = code, ["values"] = values.DeepClone() }.ToJsonString(Escaped);

    /// <summary>A fragment of a page that runs the cell.</summary>
    internal string Html => Fragment(Json);

    /// <summary>The fragment for a cell that was kept as data.</summary>
    /// <remarks>The place is found by a mark, not as the script's neighbour: front ends move scripts before they run them.</remarks>
    internal static string Fragment(string json)
    {
        string mark = "js-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        return $$"""
            <div class="javascript" data-cell="{{mark}}"></div>
            <script>
            (async () => {
              const cell = {{json}}, element = document.querySelector("[data-cell={{mark}}]:not([data-state])");
              if (!element) return;
              element.dataset.state = "running";
              try {
                const run = new (async () => {}).constructor("element", ...Object.keys(cell.values), cell.code);
                const result = await run(element, ...Object.values(cell.values));
                if (result !== undefined) element.append(result instanceof Node ? result : typeof result === "string" ? result : JSON.stringify(result));
                element.dataset.state = "done";
              } catch (error) {
                element.append(`JavaScript: ${error}`);
                element.dataset.state = "failed";
              }
            })();
            </script>
            """;
    }

    /// <inheritdoc/>
    public override string ToString() => "drawn by JavaScript";

    static readonly JsonSerializerOptions Escaped = new() { Encoder = JavaScriptEncoder.Default };
}
