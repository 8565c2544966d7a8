using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Conformance;

static class TransPruneAdapter
{
    [Adapter("transprune", "ttv")]
    static Outputs Transition(GoldenCase golden)
    {
        var attention = TokenTransition.Of(golden["attn_in"], golden["attn_out"]);
        var feedForward = TokenTransition.Of(golden["ffn_in"], golden["ffn_out"]);
        return new() { { "ttv_attention", attention }, { "ttv_ffn", feedForward }, { "ttv", attention + feedForward } };
    }
}
