using PruneNotebooks.Display;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Models.Shapes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

public sealed class CostTableTests
{
    [Fact]
    public void A_cost_is_shown_part_by_part()
    {
        var shape = PublishedModels.Shape("llava-1.5-7b-hf");
        var cost = shape.Cost(shape.Picture(336, 336), textTokens: 40, answerTokens: 20, PruningPlan.At(Stage.Projector, new DivPrune(), 64));
        Assert.Equal(
            """
            64 visual tokens per layer on average, KV cache of 52 MiB after the prefill
            part                  work     moves  FLOPs per byte
            -------------  -----------  --------  --------------
            tower           366 GFLOPs   607 MiB             575
            projector      24.2 GFLOPs  54.6 MiB             422
            prefill        1.35 TFLOPs  12.2 GiB             104
            prefill: head   263 MFLOPs   251 MiB               1
            decode          247 GFLOPs   230 GiB               1
            decode: head   4.99 GFLOPs  4.65 GiB               1
            all               2 TFLOPs   248 GiB            7.49
            """, $"{ResultTables.Of(cost)}");
    }

    [Fact]
    public void Parts_that_a_model_does_not_have_are_not_shown()
    {
        var shape = PublishedModels.Shape("vit-base-patch16-224");
        Assert.Equal(["tower", "prefill: head", "all"], ResultTables.Of(shape.Cost(shape.Picture(224, 224), textTokens: 0)).Rows.Select(row => row[0]));
    }
}
