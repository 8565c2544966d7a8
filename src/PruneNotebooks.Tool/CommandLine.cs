using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using PruneNotebooks.Tool.Notebooks;
using PruneNotebooks.Tool.Torch;
using Spectre.Console;

namespace PruneNotebooks.Tool;

/// <summary>A command of <c>prune</c> whose help explains more than a line, and ends with examples.</summary>
sealed class Verb(string name, string summary) : Command(name, summary)
{
    /// <summary>What a person should know before the first use; shown by the command's own help only.</summary>
    public string Details { get; set; } = "";

    /// <summary>What a person may want, and the line to type for it.</summary>
    public IReadOnlyList<(string Purpose, string Line)> Examples { get; set; } = [];

    /// <summary>Whether it computes, so that libtorch must be there before it begins. Most do.</summary>
    public bool NeedsTorch { get; set; } = true;
}

/// <summary>What all commands share: how they report errors, which exit codes they have, what <c>--help</c> shows.</summary>
/// <remarks>
/// Exit codes: 0 done; 1 failed, with one sentence on standard error; 2 the command line was not understood; 130 stopped with Ctrl-C.
/// A command throws for what it cannot do; an exception type that is listed here becomes one sentence, any other a full report.
/// </remarks>
static partial class CommandLine
{
    public const int Failed = 1, Misused = 2, Stopped = 130;

    static readonly IAnsiConsole Errors = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="args">What was typed.</param>
    /// <param name="output">Where results go, if not to the console.</param>
    /// <param name="errors">Where complaints go, if not to the console.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter? output = null, TextWriter? errors = null)
    {
        InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        if (output is not null) configuration.Output = output;
        if (errors is not null) configuration.Error = errors;
        void Complain(string message)
        {
            if (errors is null) CommandLine.Complain(message);
            else errors.WriteLine(message);
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        foreach (Verb verb in Below(root).OfType<Verb>().Where(verb => verb is { NeedsTorch: true, Action: not null })) verb.Action = new WithTorch(verb.Action!);
        ParseResult parse = root.Parse(args);
        if (parse.Action is ParseErrorAction)
        {
            foreach (var error in parse.Errors) Complain(InWords(error.Message));
            configuration.Error.WriteLine($"'prune {string.Join(' ', CommandNames(parse.CommandResult).Append("--help"))}' shows what is possible.");
            return Misused;
        }
        try
        {
            return await parse.InvokeAsync(configuration);
        }
        catch (OperationCanceledException e)
        {
            Complain(e is StoppedException ? e.Message : "Stopped.");
            return Stopped;
        }
        catch (UsageException e)
        {
            Complain(e.Message);
            return Misused;
        }
        catch (Exception e) when (e is NotebookFormatException or KernelException or ArgumentException or IOException or InvalidDataException
            or UnauthorizedAccessException or FormatException or NotSupportedException or HttpRequestException or DllNotFoundException)
        {
            Complain(Sentence(e));
            return Failed;
        }
        catch (TypeInitializationException e) when (e.TypeName.StartsWith("TorchSharp", StringComparison.Ordinal))
        {
            Complain($"libtorch could not be loaded ({Sentence(e.GetBaseException())}); 'prune doctor' says why and what to do.");
            return Failed;
        }
    }

    /// <summary>The parser names .NET's types; everything that it parses here is a number.</summary>
    static string InWords(string error) => UnparsedNumber().Replace(error, "$2 is a number; it was '$1'.");

    [GeneratedRegex(@"^Cannot parse argument '(.*)' for \w+ '(.*)' as expected type '.*'\.[\s\S]*$")]
    private static partial Regex UnparsedNumber();

    /// <summary>The message without what .NET appends to it, the parameter's name and value: a person at a command line knows neither.</summary>
    static string Sentence(Exception e) =>
        (e is ArgumentException { ParamName: { } name } ? e.Message.Split($" (Parameter '{name}')")[0] : e.Message).ReplaceLineEndings(" ");

    /// <summary>Prints one sentence on standard error, in red where that shows.</summary>
    public static void Complain(string message)
    {
        if (Console.IsErrorRedirected) Console.Error.WriteLine(message);
        else Errors.WriteLine(message, new Style(Color.Red));
    }

    static IEnumerable<string> CommandNames(System.CommandLine.Parsing.CommandResult result) =>
        result.Parent is System.CommandLine.Parsing.CommandResult parent ? CommandNames(parent).Append(result.Command.Name) : [];

    static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(below => Below(below).Prepend(below));

    sealed class WithTorch(CommandLineAction usual) : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parse, CancellationToken cancel)
        {
            // Ctrl-C is listened to as soon as this has returned once.
            await Task.Yield();
            await TorchSetup.EnsureAsync(parse, cancel);
            return usual is AsynchronousCommandLineAction slow ? await slow.InvokeAsync(parse, cancel) : ((SynchronousCommandLineAction)usual).Invoke(parse);
        }
    }

    sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parse)
        {
            if (parse.CommandResult.Command is not Verb verb) return usual.Invoke(parse);
            verb.Description = $"{verb.Description}\n\n{verb.Details}".Trim();
            int code = usual.Invoke(parse);
            TextWriter output = parse.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach ((string purpose, string line) in verb.Examples) output.WriteLine($"  {purpose}\n    {line}");
            output.WriteLine();
            return code;
        }
    }
}

/// <summary>The command line asks for something that does not go together; the message says what does.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>Someone stopped the command; the message says what is kept and how it goes on.</summary>
sealed class StoppedException(string message) : OperationCanceledException(message);
