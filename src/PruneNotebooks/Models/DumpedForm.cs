using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A tensor of a dump from which a signal can be taken.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">Its shape in words, without layers.</param>
/// <param name="Dimensions">How many dimensions that are.</param>
/// <param name="Fits">Whether a tensor has that shape.</param>
/// <param name="Take">The signal, from a tensor that fits.</param>
internal sealed record DumpedForm(string Name, string Shape, int Dimensions, Predicate<Tensor> Fits, Func<Tensor, Tensor> Take)
{
    /// <summary>The forms in which a signal may come: first its own tensor, then the whole attention that it is a part of.</summary>
    /// <param name="signal">The signal; none for those that belong to no layer.</param>
    /// <param name="n">Visual tokens.</param>
    /// <param name="start">Says where they start in the prompt; asked only for the decoder's whole attention.</param>
    public static IReadOnlyList<DumpedForm> Of(Signal signal, int n, Func<int> start)
    {
        return signal switch
        {
            Signal.VisionFeatures => [new("vision_features", "[N, Dv]", 2, t => t.shape[0] == n, t => t)],
            Signal.VisionAttention { Queries: Queries.Cls } => [OneRow("cls_attention"), Tower(Queries.Cls, t => t)],
            Signal.VisionAttention s => [Tower(s.Queries, t => t)],
            Signal.VisionAttentionReceived { Queries: Queries.All } => [Received("vision_attention_received"), Tower(Queries.All, Mean)],
            Signal.VisionAttentionReceived s => [Tower(s.Queries, Mean)],
            Signal.DecoderAttention { Queries: Queries.LastToken } => [OneRow("last_token_attention"), Decoder(Queries.LastToken, t => t)],
            Signal.DecoderAttention { Queries: Queries.Text } => [new("text_attention", "[H, Q, N]", 3, LastIsN, t => t), Decoder(Queries.Text, t => t)],
            Signal.DecoderAttention s => [Decoder(s.Queries, t => t)],
            Signal.DecoderAttentionReceived { Queries: Queries.All } => [Received("decoder_attention_received"), Decoder(Queries.All, Mean)],
            Signal.DecoderAttentionReceived s => [Decoder(s.Queries, Mean)],
            Signal.DecoderStates s => [States(s.State switch { TokenState.Query => "decoder_queries", TokenState.Key => "decoder_keys", TokenState.Value => "decoder_values", _ => "decoder_hidden" })],
            _ => [],
        };

        bool LastIsN(Tensor t) => t.shape[^1] == n;
        DumpedForm OneRow(string name) => new(name, "[H, N]", 2, LastIsN, t => t.unsqueeze(1));
        DumpedForm States(string name) => new(name, "[H, N, d]", 3, t => t.shape[1] == n, t => t);
        DumpedForm Received(string name) => new(name, "[H, N]", 2, LastIsN, t => t);
        DumpedForm Tower(Queries queries, Func<Tensor, Tensor> then) => new("vision_attention", queries == Queries.Cls ? "[H, N+1, N+1]" : "[H, S, S]", 3,
            t => t.shape[1] == t.shape[2] && (t.shape[2] == n + 1 || (t.shape[2] == n && queries != Queries.Cls)), t => then(TowerRows(t, n, queries)));
        DumpedForm Decoder(Queries queries, Func<Tensor, Tensor> then) => new("decoder_attention", "[H, T, T]", 3,
            t => t.shape[1] == t.shape[2] && t.shape[2] >= n, t => then(DecoderRows(t, n, start(), queries)));
    }

    static Tensor Mean(Tensor rows) => rows.mean([1], type: ScalarType.Float32);

    static Tensor TowerRows(Tensor attention, int n, Queries queries)
    {
        bool hasCls = attention.shape[2] == n + 1;
        var patches = hasCls ? attention.narrow(2, 1, n) : attention;
        return !hasCls || queries == Queries.All ? patches : queries == Queries.Cls ? patches.narrow(1, 0, 1) : patches.narrow(1, 1, n);
    }

    static Tensor DecoderRows(Tensor attention, int n, int start, Queries queries)
    {
        long length = attention.shape[1];
        if (start < 0 || start + n > length) throw new ArgumentException($"{n} visual tokens from position {start} on do not fit into a prompt of {length} tokens.");
        var columns = attention.narrow(2, start, n);
        return queries switch
        {
            Queries.LastToken => columns.narrow(1, length - 1, 1),
            Queries.Text when start + n < length => columns.narrow(1, start + n, length - start - n),
            Queries.Visual => columns.narrow(1, start, n),
            Queries.All => columns,
            _ => throw new ArgumentException($"no token of the prompt follows the visual ones, so there is no attention of {queries}."),
        };
    }
}
