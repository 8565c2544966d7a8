using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>The steps of a plan as a table.</summary>
static class PlanTable
{
    public static Table Of(PruningPlan plan) => plan.Steps.Count == 0
        ? new Table([], []).Titled("no pruning")
        : Table.Of(plan.Steps, ("stage", step => step.Stage), ("method", step => step.Pruner), ("keeps", step => step.Budget))
            .Titled(plan.Positions == Positions.Renumber ? "positions renumbered" : "positions kept");
}
