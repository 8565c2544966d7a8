using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

/// <summary>Whatever is measured: no tensor is left, and no input is changed, also when it already has the precision that is computed in.</summary>
[Collection(LiveTensors.Alone)]
public sealed class MeasuresLeaveNothingBehindTests
{
    public static TheoryData<string> Names => [.. Measures.Keys];

    static readonly Dictionary<string, (long[] Shape, Action<Tensor> Measure)> Measures = new()
    {
        ["token information"] = ([6, 10], x => With(x[0], text => TokenInformation.Of(x, text, 3))),
        ["information curve"] = ([4, 5, 6], x => InformationCurve.Of(x)),
        ["attention bias"] = ([4, 30], x => AttentionBias.Fit(x)),
        ["linear CKA"] = ([20, 6], x => LinearCka.Of(x, x)),
        ["linear CKA, Gram form"] = ([6, 20], x => LinearCka.Of(x, x)),
        ["matrix entropy of a layer"] = ([20, 6], x => MatrixEntropy.OfLayer(x)),
        ["matrix entropy of tokens"] = ([4, 20, 6], x => MatrixEntropy.OfTokens(x, 3).Dispose()),
        ["spectrum"] = ([4, 20, 6], x => GramSpectrum.Of(x).Dispose()),
        ["effective rank"] = ([20, 6], x => EffectiveRank.Of(x, centred: true)),
        ["attention entropy"] = ([3, 20], x => AttentionEntropy.Of(x).Dispose()),
        ["patch entropy"] = ([3, 8, 8], x => PatchEntropy.Of(x, 4).Dispose()),
        ["importance"] = ([3, 8, 8], x => With(x[0, 0], entropy => FlowImportance.Of(x, 1, entropy, 0.5))),
        ["information flow"] = ([8, 8], x => With(x[0], row => InformationFlow.Scores(row, row, x).Dispose())),
        ["leaving patches"] = ([8], x => InformationFlow.Leaving(x, 3, 2)),
        ["transition"] = ([8, 5], x => TokenTransition.Of(x, x).Dispose()),
        ["suppression"] = ([8, 5], x => RankedSuppression.Choose(x, [7, 6, 5, 4, 3, 2, 1, 0], 4, place => 0.01 * place)),
    };

    [Theory, MemberData(nameof(Names))]
    public void A_measurement_leaves_its_input_alone_and_no_tensor(string name)
    {
        var (shape, measure) = Measures[name];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var generator = new Generator(1);
            using var input = rand(shape, type, generator: generator);
            byte[] before = input.bytes.ToArray();
            LiveTensors.Unchanged(() => measure(input));
            Assert.Equal(before, input.bytes.ToArray());
        }
    }

    [Fact]
    public void A_debiased_method_leaves_no_tensor()
    {
        var method = new Debiased(new FastV(), new PositionTrend.Exponential(1)) { Padding = PaddingMask.ByOverlap(200, 100, 6) };
        using var sample = new SampleContext(TokenGrid.Square(6), method.Needs, seed: 1);
        var context = sample.Context();
        LiveTensors.Unchanged(() => method.Select(context, 9).Dispose());
    }

    static void With(Tensor view, Action<Tensor> measure)
    {
        using (view) measure(view);
    }
}
