using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class ContentWordsTests
{
    [Theory]
    [InlineData("What is the colour of the man's T-shirt?", "colour of man s T shirt")]
    [InlineData("Is it?", "Is it?")]
    [InlineData("", "")]
    [InlineData("Which one?\nAnswer the question using a single word or phrase.", "one")]
    [InlineData("What?\nAnswer the question using a single word or phrase.", "What?\n")]
    [InlineData("Which letter, A or I, in m²_x?", "letter in m²_x")]
    [InlineData("どこに猫 𠮷野家 é?", "どこに猫 𠮷野家 é")]
    public void Content_words_are_what_is_left_of_a_question(string question, string words) => Assert.Equal(words, ContentWords.Of(question));

    // A combining accent is no letter, an undertie no underscore.
    [Fact]
    public void Marks_and_other_connectors_end_words() => Assert.Equal("cafe s x y", ContentWords.Of("cafe\u0301s x\u203Fy"));
}
