using Xunit.v3;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>Runs every golden file of an implemented operation through its adapter. A file whose operation is neither implemented nor listed as missing fails.</summary>
[Trait("Category", "Conformance")]
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]     // the count comes last
public sealed class ConformanceTests
{
    public static TheoryData<string> Files => [.. GoldenFiles.ToRun];

    [Theory, MemberData(nameof(Files))]
    public void Outputs_are_those_of_the_official_code(string file) => CaseCount.Conformance.Run(() =>
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFiles.Read(file);
        var outputs = Adapters.Of(golden.Method, golden.Op)(golden);
        foreach (var (name, expected) in golden.Expected) Comparison.Check(name, expected, outputs[name], golden.Tolerance);
    });

    [Fact]
    public void Nothing_implemented_is_listed_as_missing() => Assert.DoesNotContain(Adapters.Operations, of => NotImplemented.Contains(of.Method, of.Op));

    [Fact]
    public void Every_method_is_implemented()
    {
        Assert.True(GoldenFiles.ToRun.Count + GoldenFiles.WithoutImplementation.Count > 0, "There is no golden file at all.");
        Assert.SkipWhen(GoldenFiles.WithoutImplementation.Count > 0, CaseCount.Conformance.Line);
    }
}
