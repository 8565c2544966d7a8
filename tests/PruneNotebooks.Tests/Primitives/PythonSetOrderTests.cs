using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PythonSetOrderTests
{
    // What CPython 3.11 prints for list(set) of numbers put in one by one.
    [Theory]
    [InlineData(new long[] { 32, 8, 22, 9, 52, 45, 51, 48 }, new long[] { 32, 8, 9, 45, 48, 51, 52, 22 })]
    [InlineData(new long[] { 243 }, new long[] { 243 })]
    [InlineData(new long[] { 606, 557, 133, 378 }, new long[] { 378, 557, 606, 133 })]
    [InlineData(new long[] { 618, 485, 594, 67, 620 }, new long[] { 67, 485, 618, 620, 594 })]
    [InlineData(new long[] { 53, 1921, 1062, 2256, 959, 785, 2937, 1926 }, new long[] { 1921, 1062, 1926, 2256, 785, 53, 2937, 959 })]
    [InlineData(new long[] { 553, 562, 487, 406, 154, 237, 155, 535 }, new long[] { 487, 553, 237, 562, 406, 535, 154, 155 })]
    [InlineData(new long[] { 399, 15, 65, 163, 605, 43, 308, 31, 275, 484, 609, 396 }, new long[] { 65, 609, 163, 484, 43, 396, 15, 399, 275, 308, 605, 31 })]
    [InlineData(new long[] { 437, 404, 590, 455, 137, 374, 99, 36, 139, 506, 222, 264, 446, 308, 431, 519, 395, 587, 359 }, new long[] { 519, 264, 137, 139, 395, 404, 36, 431, 308, 437, 446, 455, 587, 590, 222, 99, 359, 374, 506 })]
    [InlineData(new long[] { 34, 37, 26, 14, 21, 1, 17, 10, 20, 30, 33, 28, 18, 27, 3, 22, 31, 6, 23, 38 }, new long[] { 1, 3, 6, 10, 14, 17, 18, 20, 21, 22, 23, 26, 27, 28, 30, 31, 33, 34, 37, 38 })]
    public void Numbers_come_in_the_order_of_CPython(long[] numbers, long[] expected) => Assert.Equal(expected, PythonSetOrder.Of(numbers));

    [Fact]
    public void What_cannot_be_in_a_set_is_refused()
    {
        Assert.Contains("they are 3, 3", Assert.Throws<ArgumentException>(() => PythonSetOrder.Of([3, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PythonSetOrder.Of([-1]));
        Assert.Empty(PythonSetOrder.Of([]));
    }
}
