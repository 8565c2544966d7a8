using PruneNotebooks.Models;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Models.Shapes;

/// <summary>What a prompt costs: by hand for the embedded model, and the same that a real answer reports.</summary>
public sealed class CostReportTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    static readonly Dictionary<string, PruningPlan> Plans = new()
    {
        ["nothing leaves"] = PruningPlan.None,
        ["at the projector"] = PruningPlan.At(Stage.Projector, new DivPrune(), 36),
        ["three stages"] = PruningPlan.At(Stage.Projector, new DivPrune(), 0.5).Then(Stage.Decoder(4), new FastV(), 0.5).Then(Stage.Decoder(8), new RandomTokens(), TokenBudget.Nothing),
        ["a smaller picture"] = PruningPlan.At(Stage.Picture, new SmallerPicture(), 36),
        ["inside the tower"] = PruningPlan.At(Stage.Vision(2), new RandomTokens { Seed = 1 }, 0.5).Then(Stage.Projector, new FasterVlm(), 0.5),
    };

    public static TheoryData<string> PlanNames => [.. Plans.Keys];

    NetworkShape Shape => model.Vlm.Config.Network;

    [Fact]
    public void The_embedded_model_by_hand()
    {
        // Picture 96 x 96, patches of 8: 144, and the class token. Tower: 5 blocks of width 128, of which the hidden state before the last is taken. Decoder: 10 layers of width 160, feed-forward 432, 88 words.
        var cost = Shape.Cost(Shape.Picture(300, 400), textTokens: 20, answerTokens: 3, bytesPerNumber: 4);
        Assert.Equal(2.0 * 144 * (3 * 8 * 8) * 128, cost.PatchEmbedding.Flops);
        Assert.Equal(model.Vlm.Config.FeatureStates().Max(), cost.Tower.Count);
        Assert.All(cost.Tower, block => Assert.Equal(2.0 * 145 * (4 * 128 * 128 + 2 * 128 * 512) + 4.0 * 145 * 145 * 128, block.Flops));
        Assert.Equal(2.0 * 144 * (128 * 160 + 160 * 160), cost.Projector.Flops);
        Assert.Equal(10, cost.Prefill.Count);
        Assert.All(cost.Prefill, layer => Assert.Equal(2.0 * 164 * (4 * 160 * 160 + 3 * 160 * 432) + 4.0 * 164 * 164 * 160, layer.Flops));
        Assert.All(cost.Decode, layer => Assert.Equal(2 * 2.0 * (4 * 160 * 160 + 3 * 160 * 432) + 4.0 * (165 + 166) * 160, layer.Flops));
        Assert.Equal(2.0 * 160 * 88, cost.PrefillHead.Flops);
        Assert.Equal(2 * 2.0 * 160 * 88, cost.DecodeHead.Flops);
        Assert.All(cost.KvCacheBytes, bytes => Assert.Equal(164 * 2 * 160 * 4, bytes));
        Assert.Equal(144, cost.AverageVisualTokens);
    }

    [Fact]
    public void Bytes_of_the_embedded_model_by_hand()
    {
        var cost = Shape.Cost(Shape.Picture(96, 96), textTokens: 20, answerTokens: 3, bytesPerNumber: 2);
        double weights = 4 * 160 * 160 + 3 * 160 * 432 + 2 * 160;
        Assert.All(cost.Prefill, layer => Assert.Equal(2 * (weights + 2 * 164 * 160 + 2 * 164 * 160), layer.Bytes)); // tokens in and out, keys and values
        Assert.All(cost.Decode, layer => Assert.Equal(2 * (2 * (weights + 2 * 160) + 2 * 160 * (1 + 165 + 1 + 166)), layer.Bytes)); // each pass writes one token and reads all
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void The_cost_is_that_of_a_real_answer(string name)
    {
        var plan = Plans[name];
        var answer = model.Vlm.Answer(model.Scenes[0].Image, model.Scenes[0].Questions[0].Text, plan);
        int text = model.Prompt().Ids.Count - 144;
        var cost = Shape.Cost(Shape.Picture(96, 96), text, answer.Tokens.Count, plan, bytesPerNumber: 4);
        Assert.Equal(answer.Trace.VisualTokens, cost.VisualTokens);
        Assert.Equal(answer.Trace.AverageVisualTokens, cost.AverageVisualTokens);
        Assert.Equal(answer.Trace.Cost.VisionFlops, cost.Summary.VisionFlops, tolerance: 1);
        Assert.Equal(answer.Trace.Cost.PrefillFlops, cost.Summary.PrefillFlops, tolerance: 1);
        Assert.Equal(answer.Trace.Cost.DecodeFlops, cost.Summary.DecodeFlops, tolerance: 1);
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void The_cache_of_a_real_prefill_has_as_many_bytes_in_every_layer(string name)
    {
        using var prefill = model.Vlm.Prefill([model.Prompt(plan: Plans[name])], Plans[name]);
        var cost = Shape.Cost(Shape.Picture(96, 96), model.Prompt().Ids.Count - 144, plan: Plans[name], bytesPerNumber: 4);
        Assert.Equal(Enumerable.Range(0, 10).Select(layer => prefill.Cache.Length(layer) * 2 * 5 * 32 * 4), cost.KvCacheBytes);
        Assert.Equal(prefill.Cache.Bytes, cost.KvCacheBytes.Sum());
    }

    [Fact]
    public void The_embedded_model_has_as_many_parameters_as_its_file()
    {
        using var file = SafetensorsFile.Open(TestData.Path("..", "..", "data", "models", "scene-llava", "model.safetensors"));
        Assert.Equal(file.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b)), Shape.Parameters);
    }
}
