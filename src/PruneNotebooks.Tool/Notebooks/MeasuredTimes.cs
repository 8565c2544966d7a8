using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Times, and gains in time, in the text of an output: what the machine does at the moment, not what the notebook says.</summary>
static partial class MeasuredTimes
{
    /// <summary>Puts a sign in the place of every time, as the display writes them: "12.3 ms [9.1, 14.2]", "1.5 times as fast [1.2, 1.7]".</summary>
    /// <remarks>A table is as wide as its numbers: where a time was, runs of spaces and dashes become one.</remarks>
    public static string Masked(string text)
    {
        string masked = Gain().Replace(Time().Replace(text, "(time)"), "(gain)");
        return masked == text ? text : Dashes().Replace(Spaces().Replace(masked, " "), "-");
    }

    [GeneratedRegex(@"(?<![\w.,])\d[\d.]*(e[-+]?\d+)? (µs|ms|s|min)(?!\w)( \[[^\]\n]*\])?")]
    private static partial Regex Time();

    [GeneratedRegex(@"(slower: )?(?<![\w.,])\d[\d.]* times as fast( \[[^\]\n]*\])?|no gain at this size: \d[\d.]*( \[[^\]\n]*\])?")]
    private static partial Regex Gain();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();

    [GeneratedRegex("-{2,}( -{2,})*")]
    private static partial Regex Dashes();
}
