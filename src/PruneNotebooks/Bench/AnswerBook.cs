using System.Collections.Concurrent;
using PruneNotebooks.Metrics;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Bench;

/// <summary>What a model said to which question under which plan: in memory, and in a journal if there is one. May be used by several threads.</summary>
/// <remarks>It knows nothing of tables, so that a run with more probes, methods or budgets asks only for what is new.</remarks>
sealed class AnswerBook : IDisposable
{
    sealed record Entry(string Plan, string Probe, string Text, double Tokens);

    readonly ConcurrentDictionary<(string Plan, string Probe), ProbeAnswer> answers = [];
    readonly Journal<Entry>? journal;

    /// <summary>Opens it.</summary>
    /// <param name="path">The journal; none if not given.</param>
    /// <param name="work">What makes answers comparable besides plan and probe.</param>
    public AnswerBook(string? path, string work)
    {
        journal = path is null ? null : Journal<Entry>.Open(path, work);
        foreach (var (plan, probe, text, tokens) in journal?.Results ?? []) answers[(plan, probe)] = new(text, tokens);
    }

    /// <summary>Whether there is an answer.</summary>
    public bool Has(string plan, string probe) => answers.ContainsKey((plan, probe));

    /// <summary>An answer that is there.</summary>
    public ProbeAnswer this[string plan, string probe] => answers[(plan, probe)];

    /// <summary>Writes answers down; they are on the disk when the call returns.</summary>
    public void Add(IReadOnlyCollection<(string Plan, string Probe, ProbeAnswer Answer)> more)
    {
        if (journal is not null)
            lock (journal) journal.AddAll([.. more.Select(one => new Entry(one.Plan, one.Probe, one.Answer.Text, one.Answer.Tokens))]);
        foreach (var (plan, probe, answer) in more) answers[(plan, probe)] = answer;
    }

    public void Dispose() => journal?.Dispose();
}
