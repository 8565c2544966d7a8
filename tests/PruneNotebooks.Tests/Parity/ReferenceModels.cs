using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Parity;

/// <summary>The reference checkpoints with their recorded activations: under <c>tests/data/reference</c>, or in the folder that <c>PRUNE_REFERENCE</c> names.</summary>
static class ReferenceModels
{
    /// <summary>Model types that have no implementation yet. This list only ever shrinks.</summary>
    public static readonly string[] NotImplemented =
    [
        "llava_next", "llava_onevision", "qwen2_vl", "qwen2_5_vl", "qwen3_vl", "smolvlm", "internvl",
        "vit", "deit", "dinov2", "clip", "mistral", "qwen2", "qwen3", "gpt2", "gpt_neox", "bert",
    ];

    public static string Root { get; } = Environment.GetEnvironmentVariable("PRUNE_REFERENCE") is { Length: > 0 } folder ? folder : TestData.Path("reference");

    static IEnumerable<string> Folders => Directory.EnumerateDirectories(Root).Where(folder => File.Exists(Path.Combine(folder, "config.json"))).Order(StringComparer.Ordinal);

    /// <summary>Names of the models that are implemented.</summary>
    public static IEnumerable<string> Implemented => Folders.Where(folder => !NotImplemented.Contains(ModelConfig.ModelType(folder))).Select(folder => Path.GetFileName(folder)!);

    /// <summary>Every case or plan file of the implemented models, as <c>model/cases/case</c>.</summary>
    /// <param name="kind"><c>cases</c> or <c>plans</c>.</param>
    public static TheoryData<string> Files(string kind) => [.. FilesOf(Implemented, kind)];

    /// <summary>Files of the models without an implementation.</summary>
    public static int WithoutImplementation => FilesOf(Folders.Select(folder => Path.GetFileName(folder)!).Except(Implemented), "cases").Count() + FilesOf(Folders.Select(folder => Path.GetFileName(folder)!).Except(Implemented), "plans").Count();

    /// <summary>A file of the models' folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The picture files that a case names lie beside the models.</summary>
    public static RgbImage Picture(string name) => RgbImage.Load(Path.Combine(Directory.Exists(Path.Combine(Root, "images")) ? Root : TestData.Path("reference"), "images", name));

    static IEnumerable<string> FilesOf(IEnumerable<string> models, string kind) => models.SelectMany(model =>
        Directory.Exists(PathOf(model, kind)) ? Directory.EnumerateFiles(PathOf(model, kind), "*.safetensors").Order(StringComparer.Ordinal).Select(file => $"{model}/{kind}/{Path.GetFileName(file)}") : []);
}
