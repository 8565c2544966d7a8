using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class ProjectorSensitivityTests
{
    [Fact]
    public void A_linear_projector_responds_to_all_tokens_alike_by_the_length_of_what_it_makes_of_directions()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var (tower, weight, directions) = (randn(50, 8, generator: generator), randn(5, 8, generator: generator), ProjectorSensitivity.Directions(16, 8, seed: 3));
        double expected = (directions / directions.norm(1, keepdim: true)).matmul(weight.t()).norm(1).mean().item<float>();
        Assert.All(ProjectorSensitivity.Of(tower, x => x.matmul(weight.t()), directions).data<float>().ToArray(), sensitivity => Assert.Equal(expected, sensitivity, tolerance: 1e-3));
    }

    [Fact]
    public void A_curved_one_responds_by_its_derivative()
    {
        using var scope = NewDisposeScope();
        // Each coordinate squared: the derivative along u at x is 2 x u.
        var tower = randn(30, 6, generator: new Generator(2));
        var directions = ProjectorSensitivity.Directions(8, 6, seed: 1);
        var unit = directions / directions.norm(1, keepdim: true);
        float[] exact = (2 * tower.unsqueeze(1) * unit).norm(2).mean([1]).data<float>().ToArray();
        float[] estimate = ProjectorSensitivity.Of(tower, x => x.square(), directions).data<float>().ToArray();
        for (int i = 0; i < 30; i++) Assert.Equal(exact[i], estimate[i], tolerance: 2e-3);
    }

    [Fact]
    public void Directions_are_those_of_the_seed()
    {
        using var scope = NewDisposeScope();
        Assert.True(ProjectorSensitivity.Directions(4, 6, 1).Equals(ProjectorSensitivity.Directions(4, 6, 1)));
        Assert.False(ProjectorSensitivity.Directions(4, 6, 1).Equals(ProjectorSensitivity.Directions(4, 6, 2)));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        using var scope = NewDisposeScope();
        var (tower, directions) = (ones(20, 6), ones(2, 5));
        Assert.Contains("[2, 5]", Assert.Throws<ArgumentException>(() => ProjectorSensitivity.Of(tower, x => x, directions)).Message, StringComparison.Ordinal);
        Assert.Contains("the step was 0", Assert.Throws<ArgumentOutOfRangeException>(() => ProjectorSensitivity.Of(tower, x => x, ones(2, 6), step: 0)).Message, StringComparison.Ordinal);
    }
}
