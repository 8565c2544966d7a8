using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class FlowCutAdapter
{
    [Adapter("flowcut", "scores")]
    static Outputs Scores(GoldenCase golden)
    {
        var attention = golden["cls_attention"];
        return new()
        {
            { "scores", InformationFlow.Scores(attention, golden["semantic_attention"], golden["value"]) },
            { "prune_counts", golden.Ints("rpl_target").Chunk(2).Select(row => (long)InformationFlow.Leaving(attention, row[0], row[1])) },
        };
    }

    // The blocks of a tower that the plan walks through, from the projections of all tokens; the class token comes first.
    [Adapter("flowcut", "encode")]
    static Outputs Encode(GoldenCase golden)
    {
        var (query, key, value) = (golden["query"], golden["key"], golden["value"]);
        int blocks = (int)query.shape[0], patches = (int)query.shape[2] - 1;
        var steps = FlowCut.Plan(golden.Int("target"), new ModelDimensions(patches, blocks, golden.Int("select_layer"), DecoderLayers: 1)).Steps;
        long[] living = [.. Enumerable.Range(0, patches).Select(i => (long)i)], counts = new long[blocks];
        float[] scores = [];
        for (int block = 0; block < blocks; block++)
        {
            if (steps.FirstOrDefault(step => step.Stage == Stage.Vision(block + 1)) is { } step)
            {
                var rows = tensor([0, .. living.Select(patch => patch + 1)], ScalarType.Int64);
                var (q, k, v) = (query[block].narrow(1, 0, 1), key[block].index_select(1, rows), value[block].index_select(1, rows));
                var attention = (q.matmul(k.transpose(1, 2)) / Math.Sqrt(q.shape[2])).softmax(-1).narrow(-1, 1, living.Length);
                var context = new PruningContext(zeros(living.Length, 1))
                    .With(new Signal.VisionAttention(Layer.BeforeStage), attention)
                    .With(new Signal.VisionStates(Layer.BeforeStage, TokenState.Value), v.narrow(1, 1, living.Length))
                    .With(new Signal.ClsState(Layer.BeforeStage, TokenState.Value), v.select(1, 0));
                if (block > 0) context.With(new Signal.EarlierScores(), tensor(scores));
                using var selection = step.Pruner.Select(context, step.Budget);
                scores = [.. selection.Kept.Select(token => selection.Scores![(int)token])];
                living = [.. selection.Kept.Select(token => living[token])];
            }
            counts[block] = living.Length;
        }
        return new() { { "keep", living }, { "counts", counts } };
    }

    [Adapter("flowcut", "llm_select")]
    static Outputs InTheDecoder(GoldenCase golden)
    {
        int start = golden.Int("visual_start"), tokens = golden.Int("visual_count"), end = golden.Int("last_instruction");
        var context = new PruningContext(zeros(tokens, 1))
            .With(new Signal.TextStates(Layer.BeforeStage, TokenState.Query), Text(golden["query"]))
            .With(new Signal.TextStates(Layer.BeforeStage, TokenState.Value), Text(golden["value"]))
            .With(new Signal.DecoderStates(Layer.BeforeStage, TokenState.Key), golden["key"].narrow(1, start, tokens))
            .With(new Signal.DecoderStates(Layer.BeforeStage, TokenState.Value), golden["value"].narrow(1, start, tokens));
        using var selection = FlowCut.InDecoder.Select(context, golden.Int("keep"));
        return new() { { "keep", selection.Kept }, { "scores", selection.Scores! } };

        Tensor Text(Tensor states) => states.narrow(1, start + tokens, end - start - tokens);
    }
}
