using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The element types of the safetensors format.</summary>
internal static class SafetensorsTypes
{
    /// <summary>Those that TorchSharp can hold, in the order in which the reference library lays tensors out in a file.</summary>
    static readonly (ScalarType Type, string Name, int Size)[] Known =
    [
        (ScalarType.Int64, "I64", 8),
        (ScalarType.Float64, "F64", 8),
        (ScalarType.ComplexFloat32, "C64", 8),
        (ScalarType.Float32, "F32", 4),
        (ScalarType.Int32, "I32", 4),
        (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Float16, "F16", 2),
        (ScalarType.Int16, "I16", 2),
        (ScalarType.Int8, "I8", 1),
        (ScalarType.Byte, "U8", 1),
        (ScalarType.Bool, "BOOL", 1),
    ];

    static readonly HashSet<string> OnlyElsewhere =
        ["U64", "U32", "U16", "F8_E8M0", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F6_E3M2", "F6_E2M3", "F4"];

    /// <summary>The names of the types that can be read and written.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(known => known.Name));

    /// <summary>The type of that name; <see langword="null"/> if there is none that TorchSharp can hold.</summary>
    public static ScalarType? Parse(string name) => Index(known => known.Name == name) is int i and >= 0 ? Known[i].Type : null;

    /// <summary>Whether the format has a type of that name that TorchSharp cannot hold.</summary>
    public static bool IsOnlyElsewhere(string name) => OnlyElsewhere.Contains(name);

    /// <summary>Whether the format has that type.</summary>
    public static bool Has(ScalarType type) => Rank(type) >= 0;

    /// <summary>The type's name in the format.</summary>
    public static string Name(ScalarType type) => Known[Rank(type)].Name;

    /// <summary>Bytes of one element.</summary>
    public static int Size(ScalarType type) => Known[Rank(type)].Size;

    /// <summary>The type's place in the order of a file; negative if the format does not have it.</summary>
    public static int Rank(ScalarType type) => Index(known => known.Type == type);

    static int Index(Predicate<(ScalarType Type, string Name, int Size)> match) => Array.FindIndex(Known, match);
}
