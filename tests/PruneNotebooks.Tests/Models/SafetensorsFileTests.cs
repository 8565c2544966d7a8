using System.Buffers.Binary;
using PruneNotebooks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class SafetensorsFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Numbers_are_those_in_the_file()
    {
        string path = TestData.Path("reference", "llava-1.5", "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(114, file.Tensors.Count);
        foreach (var entry in file.Tensors.Values)
        {
            var stored = bytes.AsSpan((int)entry.Begin, (int)entry.Length);
            float[] expected = new float[entry.Length / 2];
            for (int i = 0; i < expected.Length; i++) expected[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(stored[(2 * i)..]);
            using var tensor = file.Read(entry.Name, dtype: float32);
            Assert.Equal(entry.Shape, tensor.shape);
            Assert.Equal(expected, tensor.data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData("F64", ScalarType.Float64, 8)]
    [InlineData("F32", ScalarType.Float32, 4)]
    [InlineData("F16", ScalarType.Float16, 2)]
    [InlineData("BF16", ScalarType.BFloat16, 2)]
    [InlineData("C64", ScalarType.ComplexFloat32, 8)]
    [InlineData("I64", ScalarType.Int64, 8)]
    [InlineData("I32", ScalarType.Int32, 4)]
    [InlineData("I16", ScalarType.Int16, 2)]
    [InlineData("I8", ScalarType.Int8, 1)]
    [InlineData("U8", ScalarType.Byte, 1)]
    [InlineData("BOOL", ScalarType.Bool, 1)]
    public void Every_type_has_its_bytes_at_any_alignment_from_file_and_memory(string name, ScalarType type, int size)
    {
        byte[] data = [.. Enumerable.Range(0, 6 * size).Select(i => (byte)(type == ScalarType.Bool ? i % 2 : 37 * i + 1))];
        for (int blanks = 0; blanks < 8; blanks++)
        {
            byte[] bytes = SafetensorsSamples.Tensor(name, "[2,3" + new string(' ', blanks) + "]", data);
            File.WriteAllBytes(folder["a"], bytes);
            using var fromFile = SafetensorsFile.Open(folder["a"]);
            using var fromMemory = SafetensorsFile.Open(bytes);
            foreach (var file in (SafetensorsFile[])[fromFile, fromMemory])
            {
                using var tensor = file.Read("a");
                Assert.Equal(type, tensor.dtype);
                Assert.Equal([2L, 3L], tensor.shape);
                Assert.Equal(data, tensor.bytes.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("[]", 1)]
    [InlineData("[1,1]", 1)]
    [InlineData("[0]", 0)]
    [InlineData("[3,0,2]", 0)]
    public void Single_numbers_and_empty_tensors_are_read(string shape, int elements)
    {
        byte[] bytes = SafetensorsSamples.Tensor("F32", shape, [.. Enumerable.Repeat(BitConverter.GetBytes(2.5f), elements).SelectMany(one => one)]);
        File.WriteAllBytes(folder["a"], bytes);
        using var fromFile = SafetensorsFile.Open(folder["a"]);
        using var fromMemory = SafetensorsFile.Open(bytes);
        foreach (var file in (SafetensorsFile[])[fromFile, fromMemory])
        {
            using var tensor = file.Read("a");
            Assert.Equal(shape, $"[{string.Join(',', tensor.shape)}]");
            Assert.Equal(Enumerable.Repeat(2.5f, elements), tensor.view(-1).data<float>().ToArray());
        }
    }

    [Fact]
    public void A_file_without_tensors_is_read()
    {
        File.WriteAllBytes(folder["a"], SafetensorsSamples.File("""{"__metadata__":{"a":"b"}}   """));
        using var file = SafetensorsFile.Open(folder["a"]);
        Assert.Empty(file.Tensors);
        Assert.Equal("b", file.Metadata["a"]);
    }

    [Fact]
    public void Tensors_outlive_the_file_and_changing_them_changes_nothing_else()
    {
        string path = folder["model.safetensors"];
        File.Copy(TestData.Path("reference", "llama", "model.safetensors"), path);
        byte[] before = File.ReadAllBytes(path);
        Tensor tensor;
        using (var file = SafetensorsFile.Open(path)) tensor = file.Read("model.norm.weight");
        tensor.fill_(-3);
        Assert.Equal(-3f, tensor.to(float32).mean().item<float>());
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        string path = TestData.Path("reference", "llava-1.5", "model.safetensors");
        using var inner = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(0, inner.DisposablesCount);
        file.Read(file.Tensors.Keys.First());
        Assert.Equal(1, inner.DisposablesCount);
        file.Read(file.Tensors.Keys.Last(), dtype: float32);
        Assert.Equal(2, inner.DisposablesCount);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var file = SafetensorsFile.Open(TestData.Path("reference", "llama", "model.safetensors"));
        var error = Assert.Throws<KeyNotFoundException>(() => file.Read("no.such"));
        Assert.Contains("'no.such'", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.embed_tokens.weight", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { [], "byte 0: the file has 0 bytes" },
        { [1, 2, 3], "byte 0: the file has 3 bytes" },
        { [0, 0, 0, 0, 0, 0, 0, 16, (byte)'{', (byte)'}'], "byte 0: the header is said to have 1152921504606846976 bytes, but only 2 follow" },
        { [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}'], "byte 0: the header is said to have 18446744073709551615 bytes" },
        { SafetensorsSamples.File("{}")[..9], "byte 0: the header is said to have 2 bytes, but only 1 follow" },
        { SafetensorsSamples.File(""), "byte 8: the header is not JSON" },
        { SafetensorsSamples.File("{"), "byte 9: the header is not JSON" },
        { SafetensorsSamples.File("{} {}"), "byte 11: the header is not JSON" },
        { SafetensorsSamples.File("{}\0"), "byte 10: the header is not JSON" },
        { SafetensorsSamples.File("[]"), "byte 8: the header is not a JSON object" },
        { SafetensorsSamples.File("""{"\ud800":{}}"""), "the header is not JSON" },
        { SafetensorsSamples.File("{}", 3), "byte 10: 3 bytes after the last tensor belong to no tensor" },
        { SafetensorsSamples.File("""{"__metadata__":3}"""), "byte 24: '__metadata__' is not an object" },
        { SafetensorsSamples.File("""{"__metadata__":{"a":1}}"""), "byte 29: metadata 'a' is not a text" },
        { SafetensorsSamples.File("""{"__metadata__":{"a":"","a":""}}"""), "metadata 'a' appears twice" },
        { SafetensorsSamples.File("""{"__metadata__":{},"__metadata__":{}}"""), "'__metadata__' appears twice" },
        { SafetensorsSamples.File("""{"a":[]}"""), "byte 13: tensor 'a' is not described by an object" },
        { Entry(""" "dtype":"F32","shape":[1] """), "tensor 'a' lacks its data_offsets" },
        { Entry(""" "dtype":"F32","data_offsets":[0,4] """), "tensor 'a' lacks its shape" },
        { Entry(""" "shape":[1],"data_offsets":[0,4] """), "tensor 'a' lacks its dtype" },
        { Entry(""" "dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4] """), "tensor 'a' states its dtype twice" },
        { Entry(""" "dtype":"F31","shape":[1],"data_offsets":[0,4] """), "tensor 'a' has the unknown dtype 'F31'" },
        { Entry(""" "dtype":32,"shape":[1],"data_offsets":[0,4] """), "the dtype of tensor 'a' is not a text" },
        { Entry(""" "dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4] """), "the dtype F8_E4M3, which TorchSharp cannot hold; convert it to one of I64, F64" },
        { Entry(""" "dtype":"F32","shape":1,"data_offsets":[0,4] """), "the shape of tensor 'a' is not a list" },
        { Entry(""" "dtype":"F32","shape":[-1],"data_offsets":[0,4] """), "the shape of tensor 'a' holds something else than whole numbers" },
        { Entry(""" "dtype":"F32","shape":[1.5],"data_offsets":[0,4] """), "the shape of tensor 'a' holds something else than whole numbers" },
        { Entry(""" "dtype":"F32","shape":["1"],"data_offsets":[0,4] """), "the shape of tensor 'a' holds something else than whole numbers" },
        { Entry(""" "dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4] """), "the shape of tensor 'a' holds something else than whole numbers" },
        { Entry($""" "dtype":"F32","shape":[{string.Join(',', Enumerable.Repeat(1, 65))}],"data_offsets":[0,4] """), "the shape of tensor 'a' has more than 64 numbers" },
        { Entry(""" "dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4] """), "tensor 'a' of shape [4611686018427387904, 4] is too large" },
        { Entry(""" "dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0] """), "is too large" },
        { Entry(""" "dtype":"F32","shape":[2],"data_offsets":[0,4] """), "tensor 'a' of type F32 and shape [2] needs 8 bytes, but its data_offsets [0, 4] hold 4" },
        { Entry(""" "dtype":"F32","shape":[1],"data_offsets":[0,4,8] """), "the data_offsets of tensor 'a' has more than 2 numbers" },
        { Entry(""" "dtype":"F32","shape":[1],"data_offsets":[0] """), "tensor 'a' has 1 data_offsets instead of 2" },
        { Entry(""" "dtype":"F32","shape":[1],"data_offsets":[4,0] """), "tensor 'a' ends before it begins: data_offsets [4, 0]" },
        { Entry(""" "dtype":"F32","shape":[2],"data_offsets":[0,8] """), "tensor 'a' has data_offsets [0, 8], but only 4 bytes follow the header" },
        { Two("[0,4]", "[0,4]", 4), "tensor 'b' overlaps tensor 'a'" },
        { Two("[0,4]", "[2,6]", 6), "tensor 'b' overlaps tensor 'a'" },
        { Two("[0,4]", "[6,10]", 10), "2 bytes before tensor 'b' belong to no tensor" },
        { Two("[4,8]", "[8,12]", 12), "4 bytes before tensor 'a' belong to no tensor" },
        { Two("[0,4]", "[4,8]", 9), "1 bytes after the last tensor belong to no tensor" },
        { SafetensorsSamples.File("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"""), "tensor 'a' appears twice" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_is_named_with_file_and_byte(byte[] bytes, string message)
    {
        string path = folder["damaged.safetensors"];
        File.WriteAllBytes(path, bytes);
        string fromFile = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path)).Message;
        string fromMemory = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(bytes, path)).Message;
        Assert.StartsWith($"'{path}', byte ", fromFile, StringComparison.Ordinal);
        Assert.Contains(message, fromFile, StringComparison.Ordinal);
        Assert.Equal(fromFile, fromMemory);
    }

    static byte[] Entry(string fields) => SafetensorsSamples.File($$"""{"a":{ {{fields}} } }""", data: 4);

    static byte[] Two(string first, string second, int data) => SafetensorsSamples.File(
        $$"""{"a":{"dtype":"F32","shape":[1],"data_offsets":{{first}} },"b":{"dtype":"F32","shape":[1],"data_offsets":{{second}} } }""", data);
}
