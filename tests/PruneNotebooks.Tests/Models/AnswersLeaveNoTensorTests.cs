using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Models;

[Collection(LiveTensors.Alone)]
public sealed class AnswersLeaveNoTensorTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void Ten_answers_leave_no_tensor_behind()
    {
        var plan = PruningPlan.At(Stage.Vision(2), new RandomTokens(), 0.9).Then(Stage.Projector, new DivPrune(), 0.5).Then(Stage.Decoder(4), new FastV(), 0.5);
        LiveTensors.Unchanged(() => model.Vlm.Answer(model.Scenes[0].Image, ["how many things ?", "read the text ."], plan));
        LiveTensors.Unchanged(() => model.Vlm.Answer(model.Scenes[0].Image, ["how many things ?", "read the text ."]));
        LiveTensors.Unchanged(() => model.Vlm.Answer([model.Vlm.Ask("how many things ?", model.Scenes[0].Image)], [plan, PruningPlan.None, plan]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_that_fails_leaves_none_either(bool insideTheDecoder) => LiveTensors.Unchanged(() =>
    {
        var plan = PruningPlan.At(insideTheDecoder ? Stage.Decoder(4) : Stage.Projector, new DivPrune(), 200);
        Assert.ThrowsAny<ArgumentException>(() => model.Vlm.Answer(model.Scenes[0].Image, ["how many things ?", "read the text ."], plan));
    });
}
