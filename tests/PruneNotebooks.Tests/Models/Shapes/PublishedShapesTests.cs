namespace PruneNotebooks.Tests.Models.Shapes;

/// <summary>From its configuration alone, every published model has as many parameters as its files, part by part.</summary>
public sealed class PublishedShapesTests
{
    public static TheoryData<string> Names => [.. PublishedModels.Names];

    [Theory, MemberData(nameof(Names))]
    public void Parameters_are_those_of_the_files(string name)
    {
        var (shape, published) = (PublishedModels.Shape(name), PublishedModels.Json(name));
        var tensors = published.GetProperty("tensors").EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => tensor.Value.EnumerateArray().Aggregate(1L, (product, side) => product * side.GetInt64()));
        long Of(Func<string, bool> part) => tensors.Where(tensor => part(tensor.Key)).Sum(tensor => tensor.Value);

        Assert.Equal(Of(IsProjector), shape.Projector?.Parameters ?? 0);
        Assert.Equal(Of(IsClassifier), shape.Classifiers.Sum(head => head.Parameters));
        if (shape.Decoder is not null)
        {
            Assert.Equal(Of(tensor => IsTower(tensor) && !IsProjector(tensor)), shape.Tower?.Parameters ?? 0);
            Assert.Equal(Of(tensor => !IsTower(tensor) && !IsProjector(tensor)), shape.Decoder.Parameters);
        }
        Assert.Equal(published.GetProperty("parameters").GetInt64(), shape.Parameters);
    }

    static bool IsProjector(string tensor) => tensor.Contains("merger", StringComparison.Ordinal) || tensor.Contains("projector", StringComparison.Ordinal) || tensor.Contains("connector", StringComparison.Ordinal) || tensor == "image_newline";

    static bool IsTower(string tensor) => tensor.Contains("vision", StringComparison.Ordinal) || tensor.Contains("visual", StringComparison.Ordinal);

    static bool IsClassifier(string tensor) => tensor.Contains("classifier", StringComparison.Ordinal);
}
