using System.CommandLine;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune run</c>: executes notebooks without a front end.</summary>
static class RunCommand
{
    static readonly Argument<string[]> Files = new("notebooks") { Description = "The notebooks, in the order in which they run.", Arity = ArgumentArity.OneOrMore };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "Write to this file (or, for several notebooks, into this folder) and leave the notebook alone.", HelpName = "file" };
    static readonly Option<string[]> Set = new("--set") { Description = "Set a parameter that the cell tagged 'parameters' declares. Repeatable.", HelpName = "name=value" };
    static readonly Option<bool> KeepGoing = new("--keep-going", "-k") { Description = "Go on after a cell that failed, and write what there is." };
    static readonly Option<double> Timeout = new("--timeout") { Description = "Stop a cell that runs longer than this.", HelpName = "seconds", DefaultValueFactory = _ => 600 };

    public static Command Create()
    {
        var command = new Verb("run", "Execute notebooks from top to bottom and write their outputs back, ready to be committed.")
        {
            Examples =
            [
                ("prune run notebooks/00-quickstart.ipynb", "run a notebook in place"),
                ("prune run a.ipynb --set budget=64 -o a-64.ipynb", "with another parameter, into another file"),
            ],
        };
        foreach (Symbol symbol in (Symbol[])[Files, Output, Set, KeepGoing, Timeout])
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var notebooks = parse.GetValue(Files)!.Select(Notebook.Read).ToList();
        var progress = new PlainProgress();
        bool failed = false;
        foreach (Notebook notebook in notebooks)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Name))!;
            KernelTool tool = await KernelTool.FindAsync(folder, progress.Say, cancel);
            using LocalFeed? feed = Checkout.Find(folder) is { } root ? await LocalFeed.PrepareAsync(root, Checkout.Library, Checkout.PackageInputs, progress.Say, cancel) : null;
            var options = new RunOptions
            {
                KeepGoing = parse.GetValue(KeepGoing),
                Timeout = TimeSpan.FromSeconds(parse.GetValue(Timeout)),
                PackageSource = feed?.Folder,
                Environment = feed?.Environment ?? new Dictionary<string, string>(),
            };
            ExecutedNotebook executed = await NotebookRunner.RunAsync(tool, notebook, Parameters.Inject(notebook, parse.GetValue(Set) ?? []), folder, options, progress, cancel);
            AtomicFile.Write(parse.GetValue(Output) ?? notebook.Name, executed.ToBytes());
            foreach (var cell in executed.Cells) if (cell.Error is { } e) foreach (var l in e.Traceback) Console.Error.WriteLine(l);
            failed |= executed.Failed;
        }
        return failed ? 1 : 0;
    }

    sealed class PlainProgress : IRunProgress
    {
        public void Starting(string notebook, int steps) => Console.WriteLine($"{notebook}: {steps} cells");
        public void CellStarted(Step step) { }
        public void CellSays(Step step, string line) { }
        public void CellFinished(Step step, TimeSpan time, string? error) => Console.WriteLine($"  [{step.Number}] {time.TotalSeconds:0.0} s {error}");
        public void Say(string message) => Console.WriteLine(message);
    }
}
