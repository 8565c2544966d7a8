using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>The tables that our types are shown as.</summary>
static class ResultTables
{
    public static Table Of(PruningPlan plan) => plan.Steps.Count == 0
        ? new Table([], []).Titled("no pruning")
        : Table.Of(plan.Steps, ("stage", step => step.Stage), ("method", step => MethodText.Short(step.Pruner)), ("keeps", step => step.Budget))
            .Titled(plan.Positions == Positions.Renumber ? "positions renumbered" : "positions kept");

    public static Table Of(IEnumerable<PruningPlan> plans) => Table.Of(plans,
        ("plan", Words), ("positions", plan => plan.Positions == Positions.Renumber ? "renumbered" : "kept"));

    public static Table Of(IEnumerable<Finding> findings)
    {
        Finding[] all = [.. findings];
        return Table.Of(all, ("method", finding => finding.Method), ("statement", finding => finding.Statement), ("measured", finding => finding.Measured), ("holds", finding => $"{finding.Verdict}".ToLowerInvariant()))
            .Titled(string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => $"{all.Count(finding => finding.Verdict == verdict)} {verdict}".ToLowerInvariant())));
    }

    public static Table Of(IEnumerable<PruningTrace> traces) => Table.Of(traces,
        ("plan", trace => Words(trace.Plan)), ("visual tokens", trace => $"{trace.KeptVisualTokens} / {trace.AllVisualTokens}"), ("average per layer", trace => trace.AverageVisualTokens),
        ("prefill", trace => Units.Flops(trace.Cost.PrefillFlops)), ("KV cache", trace => Units.Bytes(trace.Cost.KvCacheBytes)));

    public static Table Of(IEnumerable<PruningMethod> methods) => Table.Of(methods,
        ("name", method => method.Slug), ("method", method => method.Name), ("family", method => method.Family), ("arXiv", method => method.ArXiv),
        ("appeared in", method => method.Venue), ("stage", method => method.Stage), ("looks at", method => method.Needs));

    public static Table Of(IEnumerable<ITokenPruner> pruners) => Table.Of(pruners,
        ("method", MethodText.Name), ("options", pruner => string.Join(", ", MethodText.Options(pruner).Select(option => $"{option.Name} {option.Value}"))), ("looks at", pruner => pruner.Needs));

    public static Table Of(ComputeCost cost) => new(["cost", "amount"], [
        ["vision", Units.Flops(cost.VisionFlops)], ["prefill", Units.Flops(cost.PrefillFlops)], ["decode", Units.Flops(cost.DecodeFlops)], ["KV cache", Units.Bytes(cost.KvCacheBytes)]]);

    public static Table Of(CostReport cost)
    {
        (string Name, Work Work)[] parts = [
            ("tower", cost.PatchEmbedding + Work.Sum(cost.Tower)), ("projector", cost.Projector),
            ("prefill", Work.Sum(cost.Prefill)), ("prefill: head", cost.PrefillHead), ("decode", Work.Sum(cost.Decode)), ("decode: head", cost.DecodeHead), ("all", cost.Total)];
        var table = Table.Of(parts.Where(part => part.Work.Bytes > 0),
            ("part", part => part.Name), ("work", part => Units.Flops(part.Work.Flops)), ("moves", part => Units.Bytes(part.Work.Bytes)), ("FLOPs per byte", part => part.Work.Intensity));
        return cost.VisualTokens.Count == 0
            ? table
            : table.Titled($"{Units.Number(cost.AverageVisualTokens)} visual tokens per layer on average, KV cache of {Units.Bytes(cost.KvCacheBytes.Sum())} after the prefill");
    }

    public static Table Of(SceneAccuracy accuracy) => Table
        .Of(accuracy.ByKind.Select(kind => (Name: $"{kind.Key}", Score: kind.Value)).Append((Name: "all", Score: accuracy.All)),
            ("questions", row => row.Name), ("right", row => Units.Percent(row.Score.Value)), ("95 % interval", row => Ends(row.Score.Interval())), ("of", row => row.Score.Count))
        .Titled($"{accuracy.Plan}");

    public static Table Of(IEnumerable<SceneQuestion> questions) => Table.Of(questions,
        ("kind", question => question.Kind), ("question", question => question.Text), ("answer", question => question.Answer));

    public static Table Of(IEnumerable<SceneAnswer> answers) => Table.Of(answers,
        ("scene", answer => answer.Seed), ("question", answer => answer.Question.Text), ("expected", answer => answer.Question.Answer), ("answered", answer => answer.Text), ("right", answer => answer.IsRight));

    public static Table Of(SafetensorsFile file) => Table.Of(file.Tensors.Values.OrderBy(tensor => tensor.Begin),
        ("tensor", tensor => tensor.Name), ("dtype", tensor => $"{tensor.DType}".ToLowerInvariant()), ("shape", tensor => $"[{string.Join(", ", tensor.Shape)}]"), ("size", tensor => Units.Bytes(tensor.Length)));

    static string Words(PruningPlan plan) => plan.Steps.Count == 0
        ? "no pruning"
        : string.Join(", then ", plan.Steps.Select(step => $"{MethodText.Short(step.Pruner)} keeps {step.Budget} at {step.Stage}"));

    static string Ends(Interval interval) => $"{Units.Number(100 * interval.Low)} to {Units.Number(100 * interval.High)} %";
}
