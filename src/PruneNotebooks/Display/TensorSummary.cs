using System.Globalization;
using System.Numerics;
using System.Text;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Display;

/// <summary>A tensor in a few lines: dtype, shape, device, range, and the values at its edges; never all of a large one.</summary>
static class TensorSummary
{
    const long MostForStatistics = 10_000_000;

    public static string Of(Tensor tensor)
    {
        if (tensor.IsInvalid) return "tensor, disposed";
        string head = $"{$"{tensor.dtype}".ToLowerInvariant()} {tensor.Shape()} on {tensor.device}{(tensor.requires_grad ? ", requires grad" : "")}";
        if (tensor.device_type == DeviceType.META || tensor.is_sparse || tensor.numel() == 0) return head;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return $"{head}{Statistics(tensor)}\n{new Edges(tensor)}";
    }

    static string Statistics(Tensor tensor)
    {
        if (tensor.numel() > MostForStatistics || tensor.is_complex()) return "";
        if (tensor.dtype == ScalarType.Bool) return $", {tensor.sum().item<long>()} true";
        if (tensor.is_integral()) return $", {tensor.min().to(ScalarType.Int64).item<long>()} to {tensor.max().to(ScalarType.Int64).item<long>()}";
        var values = tensor.element_size() < 4 ? tensor.to(ScalarType.Float32) : tensor;
        long nan = values.isnan().sum().item<long>(), infinite = values.isinf().sum().item<long>();
        if (nan + infinite > 0) values = values.masked_select(values.isfinite());
        string range = values.numel() == 0 ? "" : $", {Text(values.min())} to {Text(values.max())}, mean {Text(values.mean())}";
        return range + (nan > 0 ? $", {nan} NaN" : "") + (infinite > 0 ? $", {infinite} infinite" : "");

        static string Text(Tensor scalar) => Units.Number(scalar.cpu().ToDouble());
    }

    /// <summary>The values at the ends of each dimension, at most 144.</summary>
    sealed class Edges
    {
        readonly long[] shape;
        readonly long[][] shown;
        readonly string[] numbers;
        readonly StringBuilder text = new();
        int next;

        public Edges(Tensor tensor)
        {
            shape = tensor.shape;
            shown = [.. shape.Select((size, d) => Shown(size, fromLast: shape.Length - 1 - d))];
            var values = tensor.detach();
            for (int d = 0; d < shape.Length; d++)
                if (shown[d].Length < shape[d]) values = values.index_select(d, torch.tensor(shown[d], ScalarType.Int64, tensor.device));
            numbers = Numbers(values.cpu().contiguous());
            int width = numbers.Max(number => number.Length);
            for (int i = 0; i < numbers.Length; i++) numbers[i] = numbers[i].PadLeft(width);
            Write(0);
        }

        public override string ToString() => text.ToString();

        static long[] Shown(long size, int fromLast)
        {
            int edge = fromLast < 2 ? 3 : 1;
            if (fromLast > 3) return [0];
            return size <= 2 * edge ? Run(0, size) : [.. Run(0, edge), .. Run(size - edge, edge)];
            static long[] Run(long start, long count) => [.. Enumerable.Range(0, (int)count).Select(i => start + i)];
        }

        static string[] Numbers(Tensor values) => values switch
        {
            _ when values.dtype == ScalarType.Bool => [.. values.data<bool>().Select(b => b ? "true" : "false")],
            _ when values.is_complex() => [.. values.to(ScalarType.ComplexFloat64).data<Complex>().Select(c => $"{Units.Number(c.Real)}{(c.Imaginary < 0 ? "" : "+")}{Units.Number(c.Imaginary)}i")],
            _ when values.is_integral() => [.. values.to(ScalarType.Int64).data<long>().Select(i => i.ToString(CultureInfo.InvariantCulture))],
            _ => [.. values.to(ScalarType.Float64).data<double>().Select(x => x.ToString("G4", CultureInfo.InvariantCulture))],
        };

        void Write(int d)
        {
            if (d == shape.Length)
            {
                text.Append(numbers[next++]);
                return;
            }
            string separator = d == shape.Length - 1 ? ", " : ",\n" + new string(' ', d + 1);
            text.Append('[');
            for (int i = 0; i < shown[d].Length; i++)
            {
                if (i > 0) text.Append(separator);
                if (i > 0 && shown[d][i] != shown[d][i - 1] + 1) text.Append('…').Append(separator);
                Write(d + 1);
            }
            if (shown[d][^1] != shape[d] - 1) text.Append(separator).Append('…');
            text.Append(']');
        }
    }
}
