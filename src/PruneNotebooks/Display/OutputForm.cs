namespace PruneNotebooks.Display;

/// <summary>For whom a notebook's outputs are made.</summary>
enum OutputForm
{
    /// <summary>Someone works in the notebook: charts are drawn by a script.</summary>
    Live,

    /// <summary>The outputs are kept in the file and must show on hosts that strip scripts: charts are data, to be drawn as a picture beside it.</summary>
    Committed,
}

/// <summary>Reads the form from the environment.</summary>
static class OutputForms
{
    /// <summary>The environment variable by which whoever starts the kernel asks for the committed form: <c>PRUNE_NOTEBOOK_OUTPUT=committed</c>.</summary>
    public const string Variable = "PRUNE_NOTEBOOK_OUTPUT";

    public static OutputForm OfThisProcess =>
        string.Equals(Environment.GetEnvironmentVariable(Variable), "committed", StringComparison.OrdinalIgnoreCase) ? OutputForm.Committed : OutputForm.Live;
}
