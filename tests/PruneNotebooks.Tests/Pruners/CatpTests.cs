using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class CatpTests
{
    static readonly Signal Text = new Signal.PairedText();

    [Fact]
    public void Demonstrations_that_resemble_the_question_keep_more()
    {
        using var scope = NewDisposeScope();
        var question = tensor(new[,] { { 1f, 0, 0 }, { 1f, 0.2f, 0 } });
        PruningContext related = Image(question.repeat(4, 1)), other = Image(tensor(new[,] { { 0f, 0, 1 } }).repeat(8, 1)), query = Image(question);
        var kept = new Catp().Context.SelectJointly([related, other, query], 4);
        Assert.Equal([8, 0, 2], kept.Select(selection => selection.Count));
        Assert.Equal(4, new Catp().Context.Select(related, 4).Count);

        PruningContext Image(Tensor features)
        {
            var none = zeros(1, 1, features.shape[0]);
            return new PruningContext(features).With(Text, question).With(new Signal.DecoderAttention(Layer.BeforeStage), none).With(new Signal.DecoderAttention(Layer.BeforeStageBy(2)), none);
        }
    }

    [Fact]
    public void Attention_counts_where_it_grows()
    {
        using var scope = NewDisposeScope();
        var features = ones(4, 3);
        var context = new PruningContext(features).With(Text, features.narrow(0, 0, 1))
            .With(new Signal.DecoderAttention(Layer.BeforeStageBy(2)), tensor(new[] { 0.1f, 0.4f, 0.2f, 0 }).view(1, 1, 4))
            .With(new Signal.DecoderAttention(Layer.BeforeStage), tensor(new[] { 0.2f, 0.3f, 0.2f, 0.3f }).view(1, 1, 4));
        Assert.Equal([0, 3], new Catp().Context.Select(context, 2).Kept);
    }

    [Fact]
    public void The_last_picture_keeps_what_the_demonstrations_are_like()
    {
        using var scope = NewDisposeScope();
        var demonstration = new PruningContext(tensor(new[,] { { 0f, 1, 0 } })).With(Text, tensor(new[,] { { 0f, 1, 0.1f } }));
        var query = new PruningContext(eye(3)).With(Text, ones(1, 3));
        Assert.Equal([1], new Catp().Query.SelectJointly([demonstration, query], 1)[1].Kept);
    }

    // 1 - 1/e of the best of all sets.
    [Fact]
    public void Greedy_is_near_the_best_set()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        Tensor x = randn([9, 5], generator: generator), text = randn([3, 5], generator: generator);
        var context = new PruningContext(x).With(Text, text);
        double greedy = new Catp().Order(context, 3).Gains.Sum();
        var unit = x / x.norm(1, keepdim: true);
        var (among, fit) = ((1 + unit.matmul(unit.t())) / 2, (1 + unit.mv(text.mean([0]) / text.mean([0]).norm())) / 2);
        double best = (from a in Enumerable.Range(0, 9) from b in Enumerable.Range(a + 1, 8 - a) from c in Enumerable.Range(b + 1, 8 - b) select Value(a, b, c)).Max();
        Assert.InRange(greedy, (1 - 1 / Math.E) * best, best + 1e-4);

        double Value(params long[] set) => (among.index_select(0, tensor(set)).amax([0]).sum() + 0.7 * fit.index_select(0, tensor(set)).sum()).item<float>();
    }

    [Fact]
    public void Half_leaves_behind_the_projector_and_half_in_the_decoder()
    {
        var plan = new Catp().Plan(192, ModelDimensions.Llava15);
        Assert.Equal([Stage.Projector, Stage.Decoder(6), Stage.Decoder(7)], plan.Steps.Select(step => step.Stage));
        Assert.Equal([384, 192, 192], plan.VisualTokens(576, 32).ByLayer.Where((_, layer) => layer is 0 or 6 or 31));
    }
}
