using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

/// <summary>Traces as a model would write them: 4 text tokens, 16 visual tokens, 5 text tokens; half leave before the decoder, half of the rest at layer 3 of 6.</summary>
static class Traces
{
    const int Layers = 6, Start = 4, Visual = 16, Prompt = 25;

    internal sealed record EveryOther : ITokenPruner
    {
        public Signals Needs => Signals.None;

        public TokenSelection Select(PruningContext context, TokenBudget budget) =>
            new(Enumerable.Range(0, budget.Resolve(context.Tokens)).Select(i => 2L * i), context.Tokens);
    }

    public static PruningTrace TwoSteps()
    {
        long[] all = Run(0, Visual), first = [.. all.Where(i => i % 2 == 0)], second = [.. first.Where(i => i % 4 == 0)];
        return new()
        {
            Plan = PruningPlan.At(Stage.Projector, new EveryOther(), 0.5).Then(Stage.Decoder(3), new EveryOther(), 0.5),
            Images = [new(Visual, TokenGrid.Square(4), Start)],
            Stages =
            [
                new() { Stage = Stage.Projector, Pruner = new EveryOther(), Image = 0, Arrived = all, Kept = first, Scores = null },
                new() { Stage = Stage.Decoder(3), Pruner = new EveryOther(), Image = 0, Arrived = first, Kept = second, Scores = [.. first.Select(i => i / 10f)] },
            ],
            Alive = [.. Enumerable.Range(0, Layers).Select(layer => Positions(layer < 3 ? first : second))],
            VisualTokens = [8, 8, 8, 4, 4, 4],
            UnfusedLayers = ["decoder layer 2"],
            Cost = new(1.5e9, 2.5e9, 3e6, 3 << 20),
            Times = new(TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(1.5)),
        };
    }

    static long[] Positions(long[] kept) => [.. Run(0, Start), .. kept.Select(place => Start + place), .. Run(Start + Visual, Prompt - Start - Visual)];

    static long[] Run(int start, int count) => [.. Enumerable.Range(start, count).Select(i => (long)i)];
}
