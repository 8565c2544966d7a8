using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>Tensors go to a real Python and come back.</summary>
public sealed class TensorExchangeTests
{
    public static readonly TheoryData<ScalarType> Types =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_comes_back_from_Python_as_it_went(ScalarType type)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var numbers = Sample(type);
        TensorExchange.Write(folder["there"], ("strided", numbers.t()), ("layers.0", numbers), ("one", numbers[1, 2]), ("none", numbers[.., ..0]), ("größe", numbers));

        string shapes = Python.Print(folder.Path, $$"""
            tensors = prune_tensors.read(sys.argv[1] + "/there")
            print({name: array.shape for name, array in sorted(tensors.items())})
            if {{(type == ScalarType.BFloat16 ? "True" : "False")}}:
                assert all(array.dtype == np.float32 for array in tensors.values())
                tensors = {name: prune_tensors.bfloat16(array) for name, array in tensors.items()}
            prune_tensors.write(sys.argv[1] + "/back", **tensors)
            """);

        Assert.Equal("{'größe': (3, 4), 'layers.0': (3, 4), 'none': (3, 0), 'one': (), 'strided': (4, 3)}", shapes);
        Assert.Equal(File.ReadAllBytes(folder["there"]), File.ReadAllBytes(folder["back"]));
        using var back = TensorExchange.Read(folder["back"]);
        Assert.Equal(type, back["layers.0"].dtype);
        Assert.True(back["layers.0"].eq(numbers).all().item<bool>());
    }

    [Fact]
    public void Texts_go_both_ways_too()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string there = TensorExchange.Pack(("x", arange(6, dtype: ScalarType.Float32).view(2, 3)));
        string back = Python.Print(folder.Path, $"""
            x = prune_tensors.unpack("{there}")["x"]
            print(prune_tensors.pack(doubled=2 * x, kept=np.argsort(-x.ravel())[:3]))
            """);
        using var tensors = TensorExchange.Unpack(back);
        Assert.Equal([0f, 2, 4, 6, 8, 10], tensors["doubled"].data<float>().ToArray());
        Assert.Equal([5L, 4, 3], tensors.Indices("kept"));
    }

    [Fact]
    public void Bfloat16_is_rounded_as_libtorch_rounds_it()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        float[] special = [0f, -0f, 1f, 1.00390625f, 1.01171875f, float.MaxValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, 3.3895314e38f];
        var numbers = cat([tensor(special), randn(4096, generator: new Generator(1)) * randn(4096, generator: new Generator(2)).mul(20).exp()]);
        TensorExchange.Write(folder["there"], ("x", numbers));
        Python.Print(folder.Path, """
            x = prune_tensors.read(sys.argv[1] + "/there")["x"]
            prune_tensors.write(sys.argv[1] + "/back", x=prune_tensors.bfloat16(x), nan=prune_tensors.bfloat16(np.array([np.nan, np.frombuffer(b"\x01\x00\x80\x7f", "<f4")[0]])))
            """);
        using var back = TensorExchange.Read(folder["back"]);
        Assert.Equal(numbers.to(ScalarType.BFloat16).bytes.ToArray(), back["x"].bytes.ToArray());
        Assert.True(back["nan"].isnan().all().item<bool>());
    }

    [Theory]
    [InlineData(0, "byte 0: there are 0 bytes")]
    [InlineData(5, "byte 0: there are 5 bytes")]
    [InlineData(40, "byte 0: the header is said to have 56 bytes, but only 32 follow")]
    [InlineData(80, "byte 8: tensor 'x' has data_offsets [0, 24], but only 16 bytes follow the header")]
    public void Python_says_where_a_file_was_cut_short(int length, string expected)
    {
        using var folder = new TemporaryFolder();
        using var x = arange(6, dtype: ScalarType.Float32);
        TensorExchange.Write(folder["file"], ("x", x));
        File.WriteAllBytes(folder["file"], File.ReadAllBytes(folder["file"])[..length]);
        AssertRefused(folder, expected);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "byte 61: the header is not JSON")]
    [InlineData("[1]", 0, "byte 8: the header is not a JSON object")]
    [InlineData("""{"x":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "tensor 'x' has the dtype 'F8_E4M3'; readable are I64")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes, but its data_offsets [0, 8] hold 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "expected lists of whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "byte 120: tensor 'y' overlaps tensor 'x'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "byte 63: 4 bytes before tensor 'x' belong to no tensor")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 20, "byte 70: 12 bytes after the last tensor belong to no tensor")]
    [InlineData("""{"x":7}""", 0, "tensor 'x' is not described by an object")]
    public void Python_says_what_is_wrong_with_a_damaged_file(string header, int data, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], SafetensorsSamples.File(header, data));
        AssertRefused(folder, expected);
        Assert.Throws<InvalidDataException>(() => TensorExchange.Read(folder["file"]));
    }

    [Fact]
    public void Python_refuses_what_libtorch_cannot_hold_and_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "old");
        var (exitCode, _, error) = Python.Run(folder.Path, """prune_tensors.write(sys.argv[1] + "/file", x=np.zeros(3), ids=np.zeros(3, np.uint32))""");
        Assert.Equal(1, exitCode);
        Assert.Contains("Array 'ids' has the type uint32, which TorchSharp cannot hold; convert it with astype", error);
        Assert.Equal("old", File.ReadAllText(folder["file"]));
        Assert.Equal([folder["file"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_was_read_does_not_change_when_the_file_is_written_anew_in_place()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        TensorExchange.Write(folder["file"], ("x", ones(100_000)));
        using var read = TensorExchange.Read(folder["file"]);
        File.WriteAllBytes(folder["file"], [1]);
        Assert.Equal(100_000, read["x"].sum().item<float>());
    }

    [Fact]
    public void Selections_are_whole_numbers_or_truth_values()
    {
        using var scope = NewDisposeScope();
        using var tensors = TensorExchange.Unpack(TensorExchange.Pack(("places", tensor((int[])[7, 3, 5])), ("mask", tensor((bool[])[true, false, true])), ("scores", ones(3)), ("pairs", zeros(2, 2, dtype: ScalarType.Int64))));
        Assert.Equal([7L, 3, 5], tensors.Indices("places"));
        Assert.Equal([0L, 2], tensors.Indices("mask"));
        Assert.Contains("'scores' is Float32 [3]", Assert.Throws<InvalidDataException>(() => { tensors.Indices("scores"); }).Message);
        Assert.Contains("'pairs' is Int64 [2, 2]", Assert.Throws<InvalidDataException>(() => { tensors.Indices("pairs"); }).Message);
        Assert.Contains("no tensor 'keep'; it has mask, pairs, places, scores", Assert.Throws<KeyNotFoundException>(() => { tensors.Indices("keep"); }).Message);
    }

    [Fact]
    public void Bad_texts_are_refused()
    {
        Assert.Contains("the text of 3 characters is not base64", Assert.Throws<InvalidDataException>(() => TensorExchange.Unpack("???")).Message);
        Assert.Contains("byte 0", Assert.Throws<InvalidDataException>(() => TensorExchange.Unpack("AAAA")).Message);
        Assert.Contains("'x' is null", Assert.Throws<ArgumentException>(() => TensorExchange.Pack(("x", null!))).Message);
    }

    static void AssertRefused(TemporaryFolder folder, string expected)
    {
        var (exitCode, _, error) = Python.Run(folder.Path, """prune_tensors.read(sys.argv[1] + "/file")""");
        Assert.Equal(1, exitCode);
        Assert.Contains($"prune_tensors.TensorFileError: '{folder["file"]}', byte ", error);
        Assert.Contains(expected, error);
    }

    static Tensor Sample(ScalarType type)
    {
        if (type == ScalarType.ComplexFloat32) return complex(randn(3, 4), randn(3, 4));
        return type == ScalarType.Bool ? randint(2, [3, 4]).to(type) : (randn(3, 4) * 50).abs().to(type);
    }
}
