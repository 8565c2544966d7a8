using System.Text.RegularExpressions;
using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>An answer as a picture: what the model saw with the tokens that stayed, what it was asked, what it said, and what that cost.</summary>
public static partial class AnswerCard
{
    const float AnswerSize = 22, TextSize = 13;
    const int PictureSide = 300, Gap = 20, TextWidth = 420, ValueColumn = 100, LineHeight = 19, AnswerHeight = 28;

    /// <summary>Draws the card.</summary>
    public static RgbImage Draw(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var pictures = answer.Images.Select((image, i) => Seen(answer, i)).ToList();
        string[] question = Lettering.Wrap(Question(answer), TextSize, TextWidth), said = Lettering.Wrap(answer.Text.Length > 0 ? answer.Text : "(nothing)", AnswerSize, TextWidth);
        var facts = Facts(answer).SelectMany(fact => Lettering.Wrap(WithinPart().Replace(fact.Value, "\u00A0"), TextSize, TextWidth - ValueColumn).Select((line, i) => (Name: i == 0 ? fact.Name : "", Line: line))).ToList();
        int left = pictures.Count == 0 ? 0 : pictures.Max(picture => picture.Width) + Gap;
        int textHeight = LineHeight * (question.Length + facts.Count) + AnswerHeight * said.Length + 28;
        return Picture.Draw(left + TextWidth, Math.Max(pictures.Sum(picture => picture.Height + 6), textHeight), canvas =>
        {
            int top = 0;
            foreach (var picture in pictures)
            {
                canvas.Put(picture, 0, top);
                top += picture.Height + 6;
            }
            float y = 13;
            foreach (string line in question)
            {
                Lettering.Draw(canvas, line, left, y, TextSize, Picture.PaleInk);
                y += LineHeight;
            }
            y += 12;
            foreach (string line in said)
            {
                Lettering.Draw(canvas, line, left, y, AnswerSize, Picture.Ink);
                y += AnswerHeight;
            }
            foreach (var (name, line) in facts)
            {
                Lettering.Draw(canvas, name, left, y, TextSize, Picture.PaleInk);
                Lettering.Draw(canvas, line, left + ValueColumn, y, TextSize, Picture.Ink);
                y += LineHeight;
            }
        });
    }

    /// <summary>The card in words; without times, which differ from run to run.</summary>
    public static string Text(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return string.Join('\n', [Question(answer), answer.Text, .. Facts(answer).Where(fact => fact.Name != "time").Select(fact => $"{fact.Name}: {fact.Value}")]);
    }

    /// <summary>Answers as a table, for cells that end with several.</summary>
    internal static Table Table(IEnumerable<Answer> answers) => Display.Table.Of(answers,
        ("question", Question), ("answer", answer => answer.Text), ("confidence", answer => Units.Percent(answer.Confidence)),
        ("visual tokens", answer => $"{answer.Trace.KeptVisualTokens} / {answer.Trace.AllVisualTokens}"));

    static RgbImage Seen(Answer answer, int number) => answer.Trace.Images[number].Grid is null
        ? PictureOutput.Sized(answer.Images[number])
        : TokenOverlay.Of(answer.Images[number], answer.Trace, number).Draw(PictureSide);

    /// <summary>The prompt on one line.</summary>
    static string Question(Answer answer) => string.Join(' ', answer.Prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Lines break between the parts of an enumeration only.</summary>
    [GeneratedRegex("(?<![,;:]) ")]
    private static partial Regex WithinPart();

    static IEnumerable<(string Name, string Value)> Facts(Answer answer)
    {
        var (trace, cost, times) = (answer.Trace, answer.Trace.Cost, answer.Trace.Times);
        string steps = string.Join("; ", trace.Stages.Select(step =>
            $"{step.Stage}: {(step.Pruner is { } pruner ? MethodText.Name(pruner) : "given")}, {step.Arrived.Count} → {step.Kept.Count}{(trace.Images.Count > 1 ? $" of picture {step.Image}" : "")}"));
        yield return ("confidence", Units.Percent(answer.Confidence));
        yield return ("pruning", steps.Length > 0 ? steps : "none");
        yield return ("visual tokens", $"{trace.KeptVisualTokens} of {trace.AllVisualTokens} at the end, {Units.Number(trace.AverageVisualTokens)} per layer on average");
        yield return ("operations", $"vision {Units.Flops(cost.VisionFlops)}, prefill {Units.Flops(cost.PrefillFlops)}, decode {Units.Flops(cost.DecodeFlops)}");
        yield return ("KV cache", Units.Bytes(cost.KvCacheBytes));
        yield return ("time", $"vision {Units.Time(times.Vision)}, selection {Units.Time(times.Selection)}, prefill {Units.Time(times.Prefill)}, decode {Units.Time(times.Decode)}");
    }
}
