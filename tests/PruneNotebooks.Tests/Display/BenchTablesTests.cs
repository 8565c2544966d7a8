using PruneNotebooks.Bench;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

[Collection("formatters of the process")]
public sealed class BenchTablesTests
{
    static readonly RgbImage[] Pictures = [new(1, 1, [1, 2, 3]), new(1, 1, [4, 5, 6])];

    static readonly Probe[] Probes = [new(Pictures[0], "how many ?", "3", "Count"), new(Pictures[0], "what ?", "dog", "Shape"), new(Pictures[1], "how many ?", "1", "Count"), new(Pictures[1], "what ?", "cat", "Shape")];

    static BenchRow Row(string method, double tokens, params string[] answers) => new(
        new(method, 0.25, PruningPlan.At(Stage.Projector, new RandomTokens(), 36)) { Counting = method == "more" ? "A marker <stays> for each run." : null }, [.. answers.Select(answer => new ProbeAnswer(answer, tokens))], null);

    static readonly BenchResult Result = new("scene-llava", Probes, AnswerForms.ByCategory(Probes),
    [
        new(BenchEntry.Dense, [.. Probes.Select(probe => new ProbeAnswer(probe.Answer, 144))], null),
        Row("worse", 36, "2", "A dog.", "two", "dog"),
        Row("more", 50.25, "three", "the dog", "2", "cat"),
        new(new("late", 0.25, null, "not below 53.9 tokens"), null, "not below 53.9 tokens"),
        new(new("broken", 0.25, PruningPlan.None), null, "the method asked for what nobody has"),
    ]);

    [Fact]
    public void Methods_stand_from_the_best_to_the_worst_and_those_without_numbers_say_why() => Assert.Equal(
        """
        keep 25 %: 4 questions, 95 % intervals from picture to picture
        method      tokens  right %                        to all tokens
        ----------  ------  ---------------------  ---------------------
        all tokens     144  100.0 [100.0, 100.0]
        more          50.3  75.0 [50.0, 100.0]        -25.0 [-50.0, 0.0]
        worse           36  25.0 [0.0, 50.0]       -75.0 [-100.0, -50.0]
        late                not below 53.9 tokens
        broken              cannot run, see below

        right %     Count  Shape
        ----------  -----  -----
        all tokens  100.0  100.0
        more         50.0  100.0
        worse         0.0   50.0

        broken: the method asked for what nobody has

        more has more tokens than asked for: A marker <stays> for each run.
        """.ReplaceLineEndings("\n"), BenchTables.Text(Result));

    [Fact]
    public void A_notebook_shows_tables_and_notes()
    {
        NotebookDisplay.Register(OutputForm.Live);
        string html = Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(Result, "text/html");
        Assert.Equal(2, html.Split("<table>").Length - 1);
        Assert.Contains("<p>more has more tokens than asked for: A marker &lt;stays&gt; for each run.</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_counts_as_right_is_told_by_kind() => Assert.Equal("number (Count), soft string (Shape)", BenchTables.Scoring(Result));
}
