using PruneNotebooks.Display;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Display;

[Collection(LiveTensors.Alone)]
public sealed class TensorSummaryTests
{
    static string Summary(Func<Tensor> make)
    {
        using var scope = NewDisposeScope();
        return TensorSummary.Of(make());
    }

    [Fact]
    public void A_small_tensor_is_shown_whole() => Assert.Equal(
        """
        float32 [2, 3] on cpu, -1 to 4.5, mean 1.42
        [[ -1,   0,   1],
         [1.5, 2.5, 4.5]]
        """, Summary(() => tensor(new float[,] { { -1, 0, 1 }, { 1.5f, 2.5f, 4.5f } })));

    [Fact]
    public void Of_a_large_tensor_the_ends_are_shown() => Assert.Equal(
        """
        int64 [100000] on cpu, 0 to 99999
        [    0,     1,     2, …, 99997, 99998, 99999]
        """, Summary(() => arange(100_000)));

    [Theory]
    [InlineData(new long[] { 1000, 1000 })]
    [InlineData(new long[] { 30, 40, 50 })]
    [InlineData(new long[] { 7, 8, 9, 10 })]
    [InlineData(new long[] { 3, 3, 3, 3, 3, 3 })]
    [InlineData(new long[] { 2, 1, 1, 1, 1, 1, 4 })]
    public void However_large_the_text_stays_short(long[] shape)
    {
        string summary = Summary(() => ones(shape));
        Assert.StartsWith($"float32 [{string.Join(", ", shape)}] on cpu, 1 to 1, mean 1", summary, StringComparison.Ordinal);
        Assert.InRange(summary.Length, 30, 1500);
        Assert.Equal(summary.Count(c => c == '['), summary.Count(c => c == ']'));
    }

    [Fact]
    public void What_is_not_finite_is_counted_and_left_out_of_the_range() =>
        Assert.StartsWith("float32 [5] on cpu, 1 to 3, mean 2, 2 NaN, 1 infinite\n", Summary(() => tensor(new[] { 1f, float.NaN, 3f, float.NegativeInfinity, float.NaN })), StringComparison.Ordinal);

    [Fact]
    public void Nothing_but_nan_has_no_range() => Assert.StartsWith("float64 [2] on cpu, 2 NaN\n", Summary(() => tensor(new[] { double.NaN, double.NaN })), StringComparison.Ordinal);

    [Fact]
    public void Every_dtype_can_be_shown()
    {
        Assert.Equal("bool [3] on cpu, 2 true\n[ true, false,  true]", Summary(() => tensor(new[] { true, false, true })));
        Assert.Equal("bfloat16 [2] on cpu, 1.5 to 2, mean 1.75\n[1.5,   2]", Summary(() => tensor(new[] { 1.5f, 2f }).to(ScalarType.BFloat16)));
        Assert.Equal("float16 [1] on cpu, 0.5 to 0.5, mean 0.5\n[0.5]", Summary(() => tensor(new[] { 0.5f }).to(ScalarType.Float16)));
        Assert.Equal("byte [2] on cpu, 7 to 255\n[  7, 255]", Summary(() => tensor(new byte[] { 7, 255 })));
        Assert.Equal("complexfloat64 [1] on cpu\n[1-2i]", Summary(() => tensor(new[] { new System.Numerics.Complex(1, -2) })));
        Assert.Equal("float64 [] on cpu, 3 to 3, mean 3\n3", Summary(() => tensor(3.0)));
    }

    [Fact]
    public void Tensors_without_values_are_described()
    {
        Assert.Equal("float32 [0, 4] on cpu", Summary(() => zeros(0, 4)));
        Assert.Equal("float32 [1000000, 1000000] on meta", Summary(() => zeros([1_000_000, 1_000_000], device: META)));
        var gone = zeros(3);
        gone.Dispose();
        Assert.Equal("tensor, disposed", TensorSummary.Of(gone));
    }

    [Fact]
    public void A_parameter_and_a_view_are_shown_as_they_are() =>
        Assert.Equal("float32 [2, 2] on cpu, requires grad, 0 to 3, mean 1.5\n[[0, 2],\n [1, 3]]", Summary(() => arange(4, ScalarType.Float32).reshape(2, 2).t().requires_grad_()));

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var samples = new[] { randn(50, 60), arange(5), tensor(new[] { 1f, float.NaN }), zeros(0), randn(3, 4, 5).to(ScalarType.BFloat16) };
        LiveTensors.Unchanged(() => Array.ForEach(samples, sample => TensorSummary.Of(sample)));
    }
}
