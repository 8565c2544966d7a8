using PruneNotebooks.Runtime;

namespace PruneNotebooks.Tests.Runtime;

public sealed class JournalTests : IDisposable
{
    sealed record Result(int Number, IReadOnlyList<double> Values);

    readonly TemporaryFolder folder = new();

    string File_ => Path.Combine(folder.Path, "deeper", "work.jsonl");

    public void Dispose() => folder.Dispose();

    Result[] Reopen(string work = "some work")
    {
        using var journal = Journal<Result>.Open(File_, work);
        return [.. journal.Results];
    }

    void Begin(int results)
    {
        using var journal = Journal<Result>.Open(File_, "some work");
        for (int i = 0; i < results; i++) journal.Add(new(i, [i + 0.1, double.Epsilon]));
    }

    [Fact]
    public void Results_come_back_and_more_can_be_added()
    {
        Begin(2);
        Begin(1);
        Assert.Equal([0, 1, 0], Reopen().Select(result => result.Number));
        Assert.Equal([1.1, double.Epsilon], Reopen()[1].Values);
    }

    [Fact]
    public void A_line_that_was_cut_off_anywhere_is_dropped_and_the_rest_kept()
    {
        Begin(3);
        byte[] whole = File.ReadAllBytes(File_);
        int last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (int length = last; length < whole.Length; length++)
        {
            File.WriteAllBytes(File_, whole[..length]);
            Assert.Equal(2, Reopen().Length);
            Begin(1);
            Assert.Equal([0, 1, 0], Reopen().Select(result => result.Number));
        }
        for (int length = 0; length < "\"some work\"\n".Length; length++)
        {
            File.WriteAllBytes(File_, whole[..length]);
            Assert.Empty(Reopen());
        }
    }

    [Fact]
    public void The_journal_of_other_work_is_refused_and_left_as_it_is()
    {
        Begin(2);
        byte[] before = File.ReadAllBytes(File_);
        string message = Assert.Throws<InvalidDataException>(() => Reopen("other work")).Message;
        Assert.Contains("some work", message, StringComparison.Ordinal);
        Assert.Contains("other work", message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(File_));
    }

    [Theory]
    [InlineData("id,answer\n1,red\n", "line 1")]
    [InlineData("no newline at all", "not a journal")]
    [InlineData("\"some work\"\n{\"Number\": 1, \"Values\": []}\n{\"Number\": }\n", "line 3")]
    public void A_file_that_is_no_journal_is_refused_and_left_as_it_is(string content, string words)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, content);
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => Reopen()).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(File_));
    }

    [Fact]
    public void Two_writers_do_not_mix()
    {
        using var first = Journal<Result>.Open(File_, "some work");
        Assert.Throws<IOException>(() => Journal<Result>.Open(File_, "some work"));
    }
}
