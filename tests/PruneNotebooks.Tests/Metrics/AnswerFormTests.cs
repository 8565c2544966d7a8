using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class AnswerFormTests
{
    [Theory]
    [InlineData(AnswerForm.Letter, "A", "C", "D")]
    [InlineData(AnswerForm.Number, "3", "1,240", "-0.5")]
    [InlineData(AnswerForm.YesNo, "yes", "No")]
    [InlineData(AnswerForm.SoftString, "3", "three")]
    [InlineData(AnswerForm.SoftString, "A", "a dog")]
    [InlineData(AnswerForm.SoftString, "yes", "maybe")]
    [InlineData(AnswerForm.SoftString, "Q")]
    public void The_form_is_the_narrowest_that_fits_all_answers(AnswerForm form, params string[] answers) => Assert.Equal(form, AnswerForms.Of(answers));

    [Theory]
    [InlineData("B")]
    [InlineData("b")]
    [InlineData(" B. ")]
    [InlineData("(B)")]
    [InlineData("B) a dog")]
    [InlineData("B: a dog")]
    [InlineData("The answer is B.")]
    [InlineData("Answer: B")]
    [InlineData("It must be (B), the dog")]
    public void A_letter_is_read_in_the_ways_in_which_models_give_it(string given)
    {
        Assert.True(AnswerForm.Letter.IsRight(given, "B"), given);
        Assert.False(AnswerForm.Letter.IsRight(given, "A"), given);
    }

    [Theory]
    [InlineData("A dog")]
    [InlineData("Because")]
    [InlineData("")]
    [InlineData("I think A is nice")]
    public void Words_that_begin_like_a_letter_name_no_option(string given) => Assert.All("ABCDEFGHIJ", letter => Assert.False(AnswerForm.Letter.IsRight(given, $"{letter}"), given));

    [Theory]
    [InlineData("3", "3", true)]
    [InlineData("3.0", "3", true)]
    [InlineData("three", "3", true)]
    [InlineData("There are three.", "3", true)]
    [InlineData("there are 3 dogs and 2 cats", "3", true)]
    [InlineData("2 + 1, so the answer is 3", "3", true)]
    [InlineData("1,240", "1240", true)]
    [InlineData("-3", "3", false)]
    [InlineData("13", "3", false)]
    [InlineData("A3", "3", false)]
    [InlineData("none", "0", false)]
    public void A_number_counts_by_its_value(string given, string expected, bool right) => Assert.Equal(right, AnswerForm.Number.IsRight(given, expected));

    [Theory]
    [InlineData("Yes, there is.", "yes", true)]
    [InlineData("No", "no", true)]
    [InlineData("no, yes", "yes", false)]
    [InlineData("there is", "yes", false)]
    public void Yes_and_no_stand_in_front(string given, string expected, bool right) => Assert.Equal(right, AnswerForm.YesNo.IsRight(given, expected));

    [Theory]
    [InlineData("A dog.", "dog", true)]
    [InlineData("the  Red \"circle\"", "red circle", true)]
    [InlineData("red circles", "red circle", false)]
    [InlineData("7 K", "A 7 K", false)]
    [InlineData("C#", "C++", false)]
    [InlineData("", "dog", false)]
    public void Soft_strings_have_the_same_words(string given, string expected, bool right) => Assert.Equal(right, AnswerForm.SoftString.IsRight(given, expected));

    [Fact]
    public void Exact_is_exact() => Assert.Equal((true, false), (AnswerForm.Exact.IsRight("red circle", "red circle"), AnswerForm.Exact.IsRight("Red circle", "red circle")));
}
