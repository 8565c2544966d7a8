using System.CommandLine;
using System.Text;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tool.Notebooks;
using PruneNotebooks.Tool.Torch;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune run</c>: executes notebooks without a front end.</summary>
static class RunCommand
{
    static readonly Argument<string[]> Files = new("notebooks")
    {
        Description = "The notebooks, in the order in which they run.",
        Arity = ArgumentArity.OneOrMore,
    };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Write to this file (for several notebooks: into this folder) and leave the notebook as it is.",
        HelpName = "path",
    };
    static readonly Option<string[]> Set = new("--set")
    {
        Description = "Set a parameter that the cell tagged 'parameters' declares; the value is JSON or plain text. Repeatable.",
        HelpName = "name=value",
    };
    static readonly Option<string?> Page = new("--html")
    {
        Description = "Also write a page that needs neither network nor other files; beside the notebook if no file is named.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
    };
    static readonly Option<bool> Check = new("--check")
    {
        Description = "Write nothing; fail when the text of an output is not what the notebook holds, whichever front end saved it. Measured times and cells tagged 'nbval-ignore-output' are not compared.",
    };
    static readonly Option<bool> KeepGoing = new("--keep-going", "-k")
    {
        Description = "Go on after a cell that failed, and write its error into the notebook.",
    };
    static readonly Option<double> Timeout = new("--timeout")
    {
        Description = "Stop a cell that runs longer than this.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 600,
    };

    public static Command Create()
    {
        var command = new Verb("run", "Execute notebooks from top to bottom and write their outputs back, ready to be committed.")
        {
            Files, Output, Set, Page, Check, KeepGoing, Timeout,
        };
        command.Details =
            """
            Each notebook gets a kernel of its own, in its own folder. Inside a checkout, '#r "nuget: PruneNotebooks, ..."' loads the
            checked-out library. Only outputs and execution counts change; a notebook in which a cell fails is left as it was.
            """;
        command.Examples =
        [
            ("Run a notebook and write its outputs into it.", "prune run notebooks/00-quickstart.ipynb"),
            ("Another value for a parameter, into another file.", "prune run a.ipynb --set budget=64 --set question=\"what colour is the circle ?\" -o a-64.ipynb"),
            ("A page to send to somebody.", "prune run a.ipynb --html a.html"),
            ("Do the committed outputs still hold?", "prune run notebooks/*.ipynb --check"),
        ];
        command.NeedsTorch = false;
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        RunTargets targets = RunTargets.Of(
            parse.GetValue(Files)!, parse.GetValue(Output), parse.GetResult(Page) is not null, parse.GetValue(Page), parse.GetValue(Check), parse.GetValue(Set) ?? []);
        double timeout = parse.GetValue(Timeout);
        if (!(timeout > 0 && timeout < int.MaxValue / 1000)) throw new UsageException($"--timeout {timeout}: expected a number of seconds greater than 0.");
        bool keepGoing = parse.GetValue(KeepGoing), allWell = true;
        // All of them are read before the first runs: a typing mistake shows at once.
        List<Notebook> notebooks = [.. targets.Notebooks.Select(Notebook.Read)];
        List<IReadOnlyList<Step>> stepsOfAll = [.. notebooks.Select(notebook => Parameters.Inject(notebook, targets.Settings))];
        Chromium? browser = Chromium.Find();
        var display = new RunDisplay();
        foreach ((Notebook notebook, IReadOnlyList<Step> steps) in notebooks.Zip(stepsOfAll))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Name))!;
            ExecutedNotebook run = await display.ShowAsync(async () =>
            {
                KernelTool tool = await KernelTool.FindAsync(folder, display.Say, cancel);
                using LocalFeed? feed = Checkout.Find(folder) is { } root
                    ? await LocalFeed.PrepareAsync(root, Checkout.Library, Checkout.PackageInputs, display.Say, cancel) : null;
                var options = new RunOptions { KeepGoing = keepGoing, Timeout = TimeSpan.FromSeconds(timeout), PackageSource = feed?.Folder };
                var environment = new Dictionary<string, string>(feed?.Environment ?? new Dictionary<string, string>());
                if (TorchBackend.Asked(parse) is { } asked) environment[TorchBackend.Variable] = asked.Name;
                options = options with { Environment = environment };
                return await NotebookRunner.RunAsync(tool, notebook, steps, folder, options, display, cancel);
            });
            RunDisplay.ReportErrors(run);
            bool well = !run.Failed;
            if (run.Complete && (well || keepGoing)) well &= await DeliverAsync(run, targets, folder, browser, display, cancel);
            else display.Say($"{notebook.Name} is left as it was.");
            allWell &= well;
            if (!well && !keepGoing && !targets.Check) break;
        }
        return allWell ? 0 : CommandLine.Failed;
    }

    /// <summary>Compares or writes what a run has given; false when a comparison failed.</summary>
    static async Task<bool> DeliverAsync(ExecutedNotebook run, RunTargets targets, string folder, Chromium? browser, RunDisplay display, CancellationToken cancel)
    {
        bool same = true;
        if (targets.Check)
        {
            IReadOnlyList<OutputDifference> differences = OutputCheck.Compare(run);
            display.ReportCheck(run.Notebook, differences);
            same = differences.Count == 0;
        }
        string? file = targets.File(run.Notebook.Name), page = targets.Page(run.Notebook.Name);
        if (file is not null || page is not null)
        {
            ChartPictures.Keep(run);
            if (await ChartPictures.AddAsync(run.Cells.Select(cell => cell.Outputs), browser, cancel) is { } problem) display.Say(problem);
            byte[] bytes = run.ToBytes();
            if (file is not null) Save(run.Notebook, file, bytes, display);
            if (page is not null)
            {
                AtomicFile.Write(page, Encoding.UTF8.GetBytes(HtmlPage.Of(Notebook.Parse(bytes, run.Notebook.Name), folder)));
                display.Say($"{page} written.");
            }
        }
        if (file is null && !targets.Check)
            display.Say($"{run.Notebook.Name} is left as it was: the outputs belong to other parameters. Name a file with -o to keep them.");
        return same;
    }

    static void Save(Notebook notebook, string file, byte[] bytes, RunDisplay display)
    {
        byte[] original = notebook.Bytes.ToArray();
        bool inPlace = Path.GetFullPath(file) == Path.GetFullPath(notebook.Name);
        if (inPlace && !File.ReadAllBytes(file).AsSpan().SequenceEqual(original))
            throw new IOException($"{file} has been changed while it ran and is left alone; run it again.");
        if (inPlace && bytes.AsSpan().SequenceEqual(original))
        {
            display.Say($"{file} is unchanged.");
            return;
        }
        AtomicFile.Write(file, bytes);
        display.Say($"{file} written.");
    }
}
