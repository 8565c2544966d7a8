using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using PruneNotebooks.Bench;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Pruners;
using PruneNotebooks.Runtime;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Display;

/// <summary>Makes our types, tensors and charts look right at the end of a notebook's cell, without a call.</summary>
/// <remarks>
/// The package's extension script calls <see cref="Register()"/> when a notebook loads the package. A new type gets one line here.
/// With the environment variable <c>PRUNE_NOTEBOOK_OUTPUT=committed</c> charts become data and text instead of a script, for outputs that are kept.
/// Charts need no <c>Plotly.NET.Interactive</c>, whose form of them loads scripts from the network; in a notebook that loads it as well, <see cref="Register()"/> brings this one back.
/// </remarks>
public static class NotebookDisplay
{
    static int resolving, announcing;

    /// <summary>Registers everything; calling it again changes nothing.</summary>
    public static void Register()
    {
        Register(OutputForms.OfThisProcess);
        // Outputs that are kept are the same wherever they were computed.
        if (OutputForms.OfThisProcess != OutputForm.Committed && Interlocked.Exchange(ref announcing, 1) == 0)
            Compute.FirstUse += compute => Console.WriteLine($"Computing on {compute}.");
    }

    internal static void Register(OutputForm form)
    {
        UseSharedFSharpCore();
        RegisterPlainValues();
        RegisterOtherTypes();
        RegisterPictures();
        RegisterTexts();
        RegisterTables();
        RegisterExplorer(form);
        RegisterCharts(form);
        RegisterJavaScript(form);
    }

    /// <summary>Numbers print as numbers; the kernel would wrap them into a styled HTML element.</summary>
    static void RegisterPlainValues()
    {
        foreach (var type in new[] { typeof(bool), typeof(byte), typeof(short), typeof(int), typeof(long), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(string) })
        {
            Formatter.SetPreferredMimeTypesFor(type, Show.PlainText);
            Formatter.SetPreferredMimeTypesFor(typeof(IEnumerable<>).MakeGenericType(type), Show.PlainText);
        }
        Show.AsText<TimeSpan>(Units.Time);
    }

    /// <summary>Every public type of the library, before those that have a form of their own: as its text, or else as a table of its properties.</summary>
    static void RegisterOtherTypes()
    {
        // Methods and signals are many types that are shown in the form of one; exceptions and delegates the kernel shows well.
        Type[] others = [typeof(ITokenPruner), typeof(Signal), typeof(Exception), typeof(Delegate)];
        foreach (var type in typeof(NotebookDisplay).Assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false }))
        {
            if (others.Any(other => type.IsAssignableTo(other))) continue;
            if (type.IsEnum) Show.As(type, (Show.PlainText, value => $"{value}")); // not its lists: to the runtime an int[] is a list of any enumeration, too
            else if (MemberTable.HasTextOfItsOwn(type)) Show.AsText(type, value => $"{value}");
            else Show.AsTable(type, MemberTable.Of, list => MemberTable.Of(list, type));
        }
    }

    static void RegisterPictures()
    {
        Show.AsPicture<RgbImage>(image => PictureOutput.Png(image), image => $"picture, {image}");
        Show.AsPicture<Scene>(scene => PictureOutput.Png(scene.Image), scene => $"{scene}");
        Show.AsPicture<TokenOverlay>(overlay => overlay.ToPng(), overlay => $"{overlay}");
        Show.AsPicture<Overlays>(overlays => overlays.ToPng(), overlays => $"{overlays}");
        Show.AsPicture<Answer>(answer => AnswerCard.Draw(answer).ToPng(), AnswerCard.Text);
        Show.AsPicture<InformationMap>(map => InformationPicture.Of(map).ToPng(), InformationPicture.Text);
        Show.AsPicture<IReadOnlyDictionary<string, InformationMap>>(maps => InformationByKind.Of(maps).ToPng(), maps => $"{InformationByKind.Table(maps)}");
        Show.AsPicture<Withdrawal>(withdrawal => WithdrawalPicture.Of(withdrawal).ToPng(), WithdrawalPicture.Text);
        Show.AsPicture<EntropyCollapse>(collapse => EntropyPicture.Of(collapse).ToPng(), EntropyPicture.Text);
        Show.AsPicture<AttentionProfile>(profile => AttentionPicture.Of(profile).ToPng(), AttentionPicture.Text);
        Show.AsPicture<AttentionBias>(bias => TrendPicture.Of(bias).ToPng(), TrendPicture.Text);
        Show.AsSheet<RgbImage>(PictureSheet.Draw);
        Show.AsSheet<Scene>(SceneSheet.Draw);
        Show.AsSheet<TokenOverlay>(overlays => Overlays.SideBySide(overlays).Draw());
        Show.AsSheet<Overlays>(PictureSheet.Stack);
    }

    static void RegisterTexts()
    {
        Show.AsText<torch.Tensor>(TensorSummary.Of);
        Show.AsText<TokenGrid>(grid => $"{grid} tokens");
        Show.AsText<TokenSelection>(SelectionText.Of);
        Show.AsText<Signal>(signal => signal.Description);
        Show.AsText<ITokenPruner>(MethodText.Long);
        Show.AsText<torch.Device>(device => $"{device}");
        Show.As(typeof(torch.ScalarType), (Show.PlainText, dtype => $"{dtype}".ToLowerInvariant()));
    }

    static void RegisterTables()
    {
        Show.AsTable<Table>(table => table);
        Show.As(typeof(IEnumerable<Table>),
            (Show.Html, tables => string.Concat(((IEnumerable<Table>)tables).Select(table => table.ToHtml()))),
            (Show.PlainText, tables => string.Join("\n\n", (IEnumerable<Table>)tables)));
        Show.As(typeof(BenchResult),
            (Show.Html, result => BenchTables.Html((BenchResult)result)),
            (Show.PlainText, result => BenchTables.Text((BenchResult)result)));
        Show.AsTable<PruningPlan>(ResultTables.Of);
        Show.AsTable<IEnumerable<PruningPlan>>(ResultTables.Of);
        Show.AsTable<IEnumerable<PruningTrace>>(ResultTables.Of);
        Show.AsTable<Finding>(finding => ResultTables.Of([finding]));
        Show.AsTable<IEnumerable<Finding>>(ResultTables.Of);
        Show.AsTable<PruningMethod>(method => ResultTables.Of([method]));
        Show.AsTable<IEnumerable<PruningMethod>>(ResultTables.Of);
        Show.AsTable<IEnumerable<ITokenPruner>>(ResultTables.Of);
        Show.AsTable<ComputeCost>(ResultTables.Of);
        Show.AsTable<CostReport>(ResultTables.Of);
        Show.AsTable<SceneAccuracy>(ResultTables.Of);
        Show.AsTable<IEnumerable<SceneQuestion>>(ResultTables.Of);
        Show.AsTable<IEnumerable<SceneAnswer>>(ResultTables.Of);
        Show.AsTable<IEnumerable<Answer>>(AnswerCard.Table);
        Show.AsTable<SafetensorsFile>(ResultTables.Of);
        Show.AsTable<TimingReport>(TimingTable.Of);
        Show.As(typeof(PruningTrace),
            (Show.Html, trace => TraceReport.Html((PruningTrace)trace)),
            (Show.PlainText, trace => TraceReport.Text((PruningTrace)trace)));
    }

    static void RegisterExplorer(OutputForm form)
    {
        (string, Func<object, string>)[] still =
        [
            (Show.Png, explorer => Convert.ToBase64String(((Explorer)explorer).Still().ToPng())),
            (Show.PlainText, explorer => $"{explorer}"),
        ];
        Show.As(typeof(Explorer), form == OutputForm.Committed ? still : [(Show.Html, explorer => ((Explorer)explorer).ToHtml()), .. still]);
        Show.AsSheet<Explorer>(explorers => PictureSheet.Stack([.. explorers.Select(explorer => explorer.Still())]));
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Plotly.NET may load only after UseSharedFSharpCore has run.
    static void RegisterCharts(OutputForm form) => Show.As(typeof(GenericChart),
        form == OutputForm.Committed
            ? (PlotlyOutput.MimeType, chart => PlotlyOutput.Json((GenericChart)chart))
            : (Show.Html, chart => PlotlyOutput.Html((GenericChart)chart)),
        (Show.PlainText, chart => PlotlyText.Of((GenericChart)chart)));

    static void RegisterJavaScript(OutputForm form) => Show.As(typeof(JavaScriptCell),
        form == OutputForm.Committed
            ? (JavaScriptCell.MimeType, cell => ((JavaScriptCell)cell).Json)
            : (Show.Html, cell => ((JavaScriptCell)cell).Html),
        (Show.PlainText, cell => $"{cell}"));

    /// <summary>Plotly.NET asks for a newer FSharp.Core than the kernel carries, and no other can be loaded beside it: the kernel's own will do.</summary>
    static void UseSharedFSharpCore()
    {
        if (Interlocked.Exchange(ref resolving, 1) == 1) return;
        AssemblyLoadContext.Default.Resolving += (_, name) => name is { Name: "FSharp.Core", Version: not null } ? Assembly.Load("FSharp.Core") : null;
    }
}
