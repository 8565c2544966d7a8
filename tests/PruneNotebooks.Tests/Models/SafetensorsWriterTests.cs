using CsCheck;
using PruneNotebooks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class SafetensorsWriterTests : IDisposable
{
    static readonly ScalarType[] Types =
    [
        ScalarType.Int64, ScalarType.Float64, ScalarType.ComplexFloat32, ScalarType.Float32, ScalarType.Int32, ScalarType.BFloat16,
        ScalarType.Float16, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("llama/model.safetensors")]
    [InlineData("llava-1.5/model.safetensors")]
    [InlineData("llava-1.5-bf16-sharded/model-00003-of-00006.safetensors")]
    [InlineData("llava-1.5/cases/one-image.safetensors")]
    public void Files_are_those_of_the_reference_library_byte_for_byte(string name)
    {
        string path = TestData.Path(["reference", .. name.Split('/')]);
        using var file = SafetensorsFile.Open(path);
        var shuffled = file.Tensors.Keys.OrderBy(key => key.GetHashCode(StringComparison.Ordinal)).Select(key => KeyValuePair.Create(key, file.Read(key)));
        SafetensorsWriter.Write(folder["copy"], shuffled, file.Metadata);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder["copy"]));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var tensors = Gen.Select(Gen.OneOf(Types), Gen.Long[0, 4].Array[0, 4], Gen.ULong, (type, shape, seed) => (type, shape, seed)).Array[0, 6];
        var names = Gen.String[Gen.Char["aZ.0_é\"\\ \n漢"], 1, 6];
        Gen.Select(tensors, names.Array[6], Gen.Dictionary(names, names)[0, 3]).Sample((all, labels, metadata) =>
        {
            using var inner = NewDisposeScope();
            var expected = all.Select((one, i) => KeyValuePair.Create($"{labels[i]}{i}", Random(one.type, one.shape, one.seed))).ToDictionary();
            byte[] bytes = SafetensorsWriter.ToBytes(expected, metadata);
            SafetensorsWriter.Write(folder["a"], expected, metadata);
            Assert.Equal(bytes, File.ReadAllBytes(folder["a"]));
            using var fromFile = SafetensorsFile.Open(folder["a"]);
            using var fromMemory = SafetensorsFile.Open(bytes);
            foreach (var file in (SafetensorsFile[])[fromFile, fromMemory])
            {
                Assert.Equal(metadata.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
                Assert.Equal(expected.Keys.Order(), file.Tensors.Keys.Order());
                foreach (var (name, tensor) in expected)
                {
                    var actual = file.Read(name);
                    Assert.Equal((tensor.dtype, Bytes(tensor)), (actual.dtype, Bytes(actual)));
                    Assert.Equal(tensor.shape, actual.shape);
                    Assert.True(file.Tensors[name].Begin % 8 == 0 || file.Tensors[name].Begin % tensor.ElementSize == 0);
                }
            }
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Any_strides_are_written_in_order_and_the_tensor_is_left_alone()
    {
        var table = arange(12, dtype: float32).view(3, 4).requires_grad_();
        var tensors = new Dictionary<string, Tensor> { ["turned"] = table.t(), ["column"] = table[TensorIndex.Colon, 1], ["spread"] = ones(1).expand(5), ["every-other"] = table.view(-1)[TensorIndex.Slice(step: 2)] };
        using var file = SafetensorsFile.Open(SafetensorsWriter.ToBytes(tensors));
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], file.Read("turned").data<float>().ToArray());
        Assert.Equal([1, 5, 9], file.Read("column").data<float>().ToArray());
        Assert.Equal([1, 1, 1, 1, 1], file.Read("spread").data<float>().ToArray());
        Assert.Equal([0, 2, 4, 6, 8, 10], file.Read("every-other").data<float>().ToArray());
        Assert.True(table.requires_grad);
    }

    [Fact]
    public void A_tensor_on_a_GPU_is_written_and_read_back_there()
    {
        Assert.SkipUnless(cuda.is_available(), "needs an NVIDIA GPU");
        var there = arange(6, dtype: bfloat16, device: CUDA).view(2, 3).t();
        SafetensorsWriter.Write(folder["a"], [new("a", there)]);
        using var file = SafetensorsFile.Open(folder["a"]);
        var back = file.Read("a", CUDA, float32);
        Assert.Equal((DeviceType.CUDA, float32), (back.device_type, back.dtype));
        Assert.Equal([0, 3, 1, 4, 2, 5], back.cpu().view(-1).data<float>().ToArray());
    }

    [Fact]
    public void A_conjugate_is_written_as_it_looks()
    {
        var number = tensor([(1f, 2f)]).conj();
        using var file = SafetensorsFile.Open(SafetensorsWriter.ToBytes([new("z", number)]));
        Assert.Equal(-2f, file.Read("z").imag[0].item<float>());
    }

    [Fact]
    public void Not_a_number_keeps_its_bits()
    {
        int[] bits = [0x7fc12345, unchecked((int)0xffc00001), 0x7f800001, unchecked((int)0x80000000), 0x7f800000];
        using var stored = SafetensorsFile.Open(SafetensorsSamples.Tensor("F32", "[5]", [.. bits.SelectMany(BitConverter.GetBytes)]));
        using var file = SafetensorsFile.Open(SafetensorsWriter.ToBytes([new("a", stored.Read("a"))]));
        Assert.Equal(bits, file.Read("a").data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        SafetensorsWriter.Write(folder["a"], [new("old", ones(3))]);
        byte[] before = File.ReadAllBytes(folder["a"]);
        var gone = ones(3);
        gone.Dispose();
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(folder["a"], [new("new", ones(3)), new("gone", gone)]));
        Assert.Equal(before, File.ReadAllBytes(folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_may_be_overwritten_while_it_is_open()
    {
        SafetensorsWriter.Write(folder["a"], [new("x", ones(3))]);
        using var file = SafetensorsFile.Open(folder["a"]);
        var x = file.Read("x");
        SafetensorsWriter.Write(folder["a"], [new("x", x * 2)]);
        Assert.Equal([1, 1, 1], x.data<float>().ToArray());
    }

    [Fact]
    public void What_the_format_does_not_have_is_refused()
    {
        Assert.Contains("'__metadata__'", Refused(("__metadata__", ones(1))), StringComparison.Ordinal);
        Assert.Contains("Two tensors are called 'a'", Refused(("a", ones(1)), ("a", ones(2))), StringComparison.Ordinal);
        Assert.Contains("ComplexFloat64", Refused(("a", ones(1, dtype: ScalarType.ComplexFloat64))), StringComparison.Ordinal);
        Assert.Contains("meta device", Refused(("a", ones(1, device: META))), StringComparison.Ordinal);
        Assert.Contains("sparse", Refused(("a", ones(2, 2).to_sparse())), StringComparison.Ordinal);

        static string Refused(params (string Name, Tensor Tensor)[] tensors) => Assert.Throws<ArgumentException>(
            () => SafetensorsWriter.ToBytes(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Tensor)))).Message;
    }

    static Tensor Random(ScalarType type, long[] shape, ulong seed)
    {
        var tensor = empty(shape, type);
        if (tensor.NumberOfElements == 0) return tensor;
        new Random((int)seed).NextBytes(tensor.bytes);
        if (type == ScalarType.Bool)
            foreach (ref byte one in tensor.bytes) one &= 1;
        return tensor;
    }

    static string Bytes(Tensor tensor) => tensor.NumberOfElements == 0 ? "" : Convert.ToHexString(tensor.bytes);
}
