using CsCheck;
using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public class SafetensorsFuzzTests
{
    static readonly byte[] Valid = MakeValid();

    /// <summary>Whatever is changed, a file is read to the end or refused in one way, and costs no more memory than its size explains.</summary>
    [Fact]
    public void Changed_bytes_are_read_or_refused()
    {
        int refused = 0;
        var change = Gen.OneOf<Func<byte[], byte[]>>(
            Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Byte, (at, value) => (Func<byte[], byte[]>)(bytes => Set(bytes, at, value))),
            Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.OneOf("0123456789-.eE[]{},:\"\\ nt"u8.ToArray()), (at, value) => (Func<byte[], byte[]>)(bytes => Set(bytes, at, value))),
            Gen.Int[0, Valid.Length].Select(length => (Func<byte[], byte[]>)(bytes => bytes[..Math.Min(length, bytes.Length)])),
            Gen.Select(Gen.Int[8, Valid.Length - 1], Gen.Int[1, 40], (at, count) => (Func<byte[], byte[]>)(bytes => Cut(bytes, at, count))),
            Gen.Select(Gen.Int[8, Valid.Length - 1], Gen.Int[1, 40], (at, count) => (Func<byte[], byte[]>)(bytes => Double(bytes, at, count))));
        change.Array[1, 4].Sample(changes =>
        {
            byte[] bytes = changes.Aggregate(Valid, (bytes, apply) => apply(bytes));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafetensorsFile.Open(bytes);
                foreach (string name in file.Tensors.Keys) file.Read(name).Dispose();
            }
            catch (InvalidDataException)
            {
                Interlocked.Increment(ref refused);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }, iter: 20_000, threads: 1);
        Assert.InRange(refused, 10_000, 20_000);
    }

    static byte[] MakeValid()
    {
        using var scope = NewDisposeScope();
        return SafetensorsWriter.ToBytes(
            [new("a", ones(2, 3)), new("b.weight", ones(4, dtype: int64)), new("c", ones(3, dtype: uint8)), new("none", ones(0, 2)), new("one", ones([], dtype: bfloat16))],
            new Dictionary<string, string> { ["format"] = "pt", ["source"] = "made for this test" });
    }

    static byte[] Set(byte[] bytes, int at, byte value)
    {
        if (at >= bytes.Length) return bytes;
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    // The stated length follows, so that the header and not only its length is tried.
    static byte[] Cut(byte[] bytes, int at, int count) =>
        at + count >= bytes.Length ? bytes : WithLength([.. bytes[..at], .. bytes[(at + count)..]], -count);

    static byte[] Double(byte[] bytes, int at, int count) =>
        at + count >= bytes.Length ? bytes : WithLength([.. bytes[..(at + count)], .. bytes[at..]], count);

    static byte[] WithLength(byte[] bytes, int more)
    {
        BitConverter.TryWriteBytes(bytes, BitConverter.ToInt64(bytes) + more);
        return bytes;
    }
}
