using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class MethodCatalogueTests
{
    // A pruner that cannot be made without arguments is a tool, not a method of the literature.
    [Fact]
    public void Every_method_of_the_library_has_a_row_and_only_one()
    {
        var methods = typeof(MethodCatalogue).Assembly.GetTypes().Where(type => type.Namespace == typeof(DivPrune).Namespace && type.IsAssignableTo(typeof(ITokenPruner)) && !type.IsAbstract && type.GetConstructor([]) is not null);
        Assert.Equal(methods.Select(type => type.Name).Order(), MethodCatalogue.All.Select(row => row.Create().GetType().Name).Order());
        Assert.Equal(MethodCatalogue.All.Count, MethodCatalogue.All.Select(row => row.Slug).Distinct().Count());
    }

    [Fact]
    public void A_method_is_found_by_its_slug() => Assert.IsType<DivPrune>(MethodCatalogue.Create("DivPrune"));

    [Theory]
    [InlineData("div-prune", "divprune")]
    [InlineData("faster-vlm", "fastervlm")]
    [InlineData("hyprune", "hiprune")]
    public void An_unknown_name_is_answered_with_the_nearest(string unknown, string nearest)
    {
        string message = Assert.Throws<ArgumentException>(() => MethodCatalogue.Create(unknown)).Message;
        Assert.Contains($"no method '{unknown}'. Nearest: {nearest}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_papers_plan_has_its_stage_and_positions()
    {
        var plan = MethodCatalogue.Find("fastv").Plan(keep: 0.5);
        Assert.Equal(Stage.Decoder(2), plan.Steps[0].Stage);
        Assert.Equal(Positions.Keep, plan.Positions);
    }
}
