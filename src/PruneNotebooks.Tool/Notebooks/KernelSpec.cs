using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A kernelspec of ours: what <c>kernel.json</c> tells a front end, which starts the kernel by it.</summary>
/// <param name="Host">The <c>dotnet</c> program; its full path, since a front end started from a desktop knows no PATH of a shell.</param>
/// <param name="Library">The kernel's library; its full path, so that a notebook may lie in any folder.</param>
/// <param name="Version">The kernel's version.</param>
/// <param name="Checkout">The library that notebooks of this kernel load; <see langword="null"/> for the published package.</param>
sealed record KernelSpec(string Host, string Library, string Version, CheckedOutLibrary? Checkout)
{
    /// <summary>The name that C# notebooks ask for.</summary>
    public const string Name = ".net-csharp";

    /// <summary>The name of the file.</summary>
    public const string FileName = "kernel.json";

    /// <summary>What front ends show.</summary>
    public const string DisplayName = ".NET (C#)";

    const string Mark = "prune-notebooks";

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The content of the file. Nothing in it makes VS Code ask for an extension.</summary>
    public byte[] ToJson()
    {
        var environment = new JsonObject(KernelEnvironment.Variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));
        var ours = new JsonObject { ["kernel"] = Version };
        if (Checkout is not null)
        {
            environment[LocalFeed.PackagesVariable] = Checkout.Packages;
            ours["checkout"] = Checkout.Root;
            ours["sources"] = Checkout.Sources;
        }
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Host, Library, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-local-only"),
            ["display_name"] = DisplayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = environment,
            ["metadata"] = new JsonObject { [Mark] = ours },
        };
        return Encoding.UTF8.GetBytes(spec.ToJsonString(Readable) + "\n");
    }

    /// <summary>Reads a file; <see langword="null"/> for a kernelspec that is not ours, or is damaged.</summary>
    public static KernelSpec? Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement spec = document.RootElement, ours = spec.At("metadata", Mark);
            if (ours.ValueKind != JsonValueKind.Object || spec.At("argv") is not { ValueKind: JsonValueKind.Array } argv) return null;
            string?[] command = [.. argv.EnumerateArray().Select(argument => argument.AsText())];
            if (command is not [{ } host, { } library, ..]) return null;
            CheckedOutLibrary? checkout = ours.At("checkout").AsText() is { } root && ours.At("sources").AsText() is { } sources
                ? new(root, sources, spec.At("env", LocalFeed.PackagesVariable).AsText() ?? "") : null;
            return new(host, library, ours.At("kernel").AsText() ?? "", checkout);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The library of a checkout as a kernelspec carries it.</summary>
/// <param name="Root">The checkout that it was packed from.</param>
/// <param name="Sources">Which sources those were: <see cref="LocalFeed.Hash"/>.</param>
/// <param name="Packages">The folder that the kernel's restore reads.</param>
sealed record CheckedOutLibrary(string Root, string Sources, string Packages);
