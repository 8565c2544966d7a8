using System.Buffers.Binary;
using System.Text;

namespace PruneNotebooks.Runtime;

/// <summary>The symbol versions that an ELF64 library demands of the libraries it is linked with.</summary>
internal static class ElfVersionNeeds
{
    const uint SectionGnuVersionNeeds = 0x6ffffffe;
    const ushort FlagWeak = 0x2;

    /// <summary>Marks one demanded version as weak, so that the dynamic linker warns of its absence instead of refusing the library.</summary>
    /// <param name="library">The bytes of a little-endian ELF64 file; changed in place.</param>
    /// <param name="version">The version, e.g. <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether the library demands that version.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not a complete little-endian ELF64 library.</exception>
    public static bool MarkWeak(Span<byte> library, string version)
    {
        if (library.Length < 64 || !library[..4].SequenceEqual("\u007fELF"u8) || library[4] != 2 || library[5] != 1)
            throw new BadImageFormatException("Not a little-endian 64-bit ELF library.");
        try
        {
            return MarkWeakInSections(library, version);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new BadImageFormatException("The ELF library is truncated or damaged: a table points outside of the file.");
        }
    }

    static bool MarkWeakInSections(Span<byte> library, string version)
    {
        long sections = (long)U64(library, 0x28);
        int size = U16(library, 0x3A), count = U16(library, 0x3C);
        bool found = false;
        for (int i = 0; i < count; i++)
        {
            long section = sections + (long)i * size;
            if (U32(library, section + 4) != SectionGnuVersionNeeds) continue;
            long strings = (long)U64(library, sections + U32(library, section + 40) * (long)size + 24);
            found |= MarkWeakInTable(library, (long)U64(library, section + 24), entries: (int)U32(library, section + 44), strings, version);
        }
        return found;
    }

    static bool MarkWeakInTable(Span<byte> library, long file, int entries, long strings, string version)
    {
        bool found = false;
        for (int i = 0; i < entries; i++)
        {
            int needs = U16(library, file + 2);
            long need = file + U32(library, file + 8);
            for (int j = 0; j < needs; j++)
            {
                if (Text(library, strings + U32(library, need + 8)) == version)
                {
                    ushort flags = (ushort)(U16(library, need + 4) | FlagWeak);
                    BinaryPrimitives.WriteUInt16LittleEndian(At(library, need + 4, 2), flags);
                    found = true;
                }
                need += U32(library, need + 12);
            }
            file += U32(library, file + 12);
        }
        return found;
    }

    static Span<byte> At(Span<byte> bytes, long offset, int length) => bytes.Slice(checked((int)offset), length);
    static ushort U16(Span<byte> bytes, long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(bytes, offset, 2));
    static uint U32(Span<byte> bytes, long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(bytes, offset, 4));
    static ulong U64(Span<byte> bytes, long offset) => BinaryPrimitives.ReadUInt64LittleEndian(At(bytes, offset, 8));

    static string Text(Span<byte> bytes, long offset)
    {
        var tail = bytes[checked((int)offset)..];
        return Encoding.ASCII.GetString(tail[..Math.Max(0, tail.IndexOf((byte)0))]);
    }
}
