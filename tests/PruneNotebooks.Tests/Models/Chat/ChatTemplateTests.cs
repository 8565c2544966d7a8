using System.Text.Json;
using CsCheck;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Chat;

namespace PruneNotebooks.Tests.Models.Chat;

public sealed class ChatTemplateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Folders => SampleFolders.With("chat-samples.json");

    static readonly ChatMessage[] Question = [ChatMessage.User(ChatContent.Image(), ChatContent.Text("What is it?"))];

    static readonly ChatMessage[] Greeting = [ChatMessage.User(ChatContent.Text("Hello"))];

    [Theory]
    [MemberData(nameof(Folders))]
    [Trait("Category", "Parity")]
    public void Prompts_are_those_of_the_reference(string folder)
    {
        var template = ChatTemplate.Load(folder);
        using var samples = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "chat-samples.json")));
        Assert.NotEmpty(samples.RootElement.EnumerateArray());
        foreach (var sample in samples.RootElement.EnumerateArray())
        {
            ChatMessage[] messages = [.. sample.GetProperty("messages").EnumerateArray().Select(MessageOf)];
            Assert.Equal(sample.GetProperty("rendered").GetString(), template.Render(messages));
        }
    }

    static ChatMessage MessageOf(JsonElement message) => new(
        message.GetProperty("role").GetString()!,
        [.. message.GetProperty("content").EnumerateArray().Select(ContentOf)]);

    static ChatContent ContentOf(JsonElement content) => content.GetProperty("type").GetString() switch
    {
        "image" => ChatContent.Image(),
        "video" => ChatContent.Video(),
        _ => ChatContent.Text(content.GetProperty("text").GetString()!),
    };

    [Fact]
    public void The_prompt_of_the_embedded_model_is_the_one_it_was_trained_on() => Assert.Equal(
        "USER: <image> what colour is the ring ? ASSISTANT:",
        ChatTemplate.Load(ModelFolders.Find("scene-llava")).Render([ChatMessage.User(ChatContent.Image(), ChatContent.Text("what colour is the ring ?"))]));

    [Fact]
    public void Without_a_generation_prompt_the_answer_is_not_begun() => Assert.Equal(
        "USER: <image>\nWhat is it? ",
        ChatTemplate.Load(TestData.Path("reference", "llava-1.5")).Render(Question, addGenerationPrompt: false));

    [Fact]
    public void A_template_for_text_takes_texts_and_refuses_pictures()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{{ m['role'] + ': ' + m['content'] }}|{% endfor %}");
        Assert.False(template.TakesParts);
        Assert.Equal("system: Be brief.|user: ab|", template.Render([ChatMessage.System("Be brief."), ChatMessage.User(ChatContent.Text("a"), ChatContent.Text("b"))]));
        Assert.Contains("image", Assert.Throws<ArgumentException>(() => template.Render(Question)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_may_stand_in_the_tokenizer_configuration_and_sees_its_special_tokens()
    {
        File.WriteAllText(_folder["tokenizer_config.json"], """
            {"bos_token": {"content": "<b>"}, "eos_token": "<e>", "pad_token": null,
             "chat_template": [{"name": "tool_use", "template": "no"}, {"name": "default", "template": "{{ bos_token }}{{ messages|length }}{{ eos_token }}{{ pad_token }}"}]}
            """);
        Assert.Equal("<b>1<e>", ChatTemplate.Load(_folder.Path).Render(Greeting));
    }

    [Fact]
    public void A_folder_without_a_template_is_named() =>
        Assert.Contains(_folder.Path, Assert.Throws<FileNotFoundException>(() => ChatTemplate.Load(_folder.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_is_named_with_line_and_column()
    {
        File.WriteAllText(_folder["chat_template.jinja"], "one\ntwo {{ messages | rot13 }}");
        string message = Assert.Throws<NotSupportedException>(() => ChatTemplate.Load(_folder.Path)).Message;
        Assert.Equal($"{_folder["chat_template.jinja"]}, line 2, column 19: the filter \"rot13\" is not supported.", message);
    }

    [Fact]
    public void The_refusal_of_a_template_reaches_the_caller() => Assert.Contains(
        "Conversation roles must alternate",
        Assert.Throws<InvalidOperationException>(() => ChatTemplate.Parse("{{ raise_exception('Conversation roles must alternate') }}").Render(Greeting)).Message,
        StringComparison.Ordinal);

    // What Jinja2 3.1 prints with trim_blocks and lstrip_blocks, as the reference library calls it.
    [Theory]
    [InlineData("a\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData("{% if true %}\nx\n{% endif %}\ny", "x\ny")]
    [InlineData("  {% if true %}\n  x\n  {% endif %}\n", "  x\n")]
    [InlineData("a {% if true %} b {% endif %} c", "a  b  c")]
    [InlineData("a {%- if true -%} b {%- endif -%} c", "abc")]
    [InlineData("  {%+ if true +%}\nx{% endif %}", "  \nx")]
    [InlineData("a\n  {# note #}\nb", "a\nb")]
    [InlineData("a {{- ' b ' -}} c", "a b c")]
    [InlineData("  {{ 1 }}\n2", "  1\n2")]
    [InlineData("{% set a = 1 %}  {% set b = 2 %}{{ a + b }}", "  3")]
    public void White_space_is_controlled_as_in_the_reference(string template, string expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(template).Render(Greeting));

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("'a' ~ 1 ~ none ~ true", "a1NoneTrue")]
    [InlineData("1 ~ 2 + '3'", "123")]
    [InlineData("'a\\n\\t\\'\\u00e9'", "a\n\t'é")]
    [InlineData("'x' if false", "")]
    [InlineData("'x' if false else 'y' if true else 'z'", "y")]
    [InlineData("not 1 == 2", "True")]
    [InlineData("1 < 2 < 3 and not 3 in [1, 2]", "True")]
    [InlineData("'b' in 'abc' and 'q' not in {'p': 1}", "True")]
    [InlineData("missing is defined or missing.x is defined", null)]
    [InlineData("missing is not defined and messages is iterable and messages is not string", "True")]
    [InlineData("missing or 'fallback'", "fallback")]
    [InlineData("missing | default('d') ~ none | default('n') ~ '' | default('e', true)", "dNonee")]
    [InlineData("none is none and tools is none and 3 is number and 3 is not string", "True")]
    [InlineData("9 is divisibleby 3 and 9 is odd and not 9 is even", "True")]
    [InlineData("messages[0].role ~ messages[-1]['content'][1].text", "userWhat is it?")]
    [InlineData("'abcdef'[1:4] ~ 'abcdef'[-2:] ~ 'abcdef'[::-1] ~ 'abcdef'[::2]", "bcdeffedcbaace")]
    [InlineData("[1, 2, 3][1:] | length ~ (1, 2) | length ~ [] | length", "220")]
    [InlineData("' x '.strip() ~ '..x..'.strip('.') ~ 'xyx'.lstrip('x') ~ 'xyx'.rstrip('x')", "xxyxxy")]
    [InlineData("'a</t>b</t>c'.split('</t>')[-1] ~ 'a b  c'.split() | length ~ 'a,b,c'.split(',', 1)[1]", "c3b,c")]
    [InlineData("'Hello'.startswith('He') and 'Hello'.endswith(('x', 'lo'))", "True")]
    [InlineData("'aXbX'.replace('X', '-') ~ 'aXbX' | replace('X', '', 1) ~ 'hELLO'.capitalize() ~ 'a bc'.title()", "a-b-abXHelloA Bc")]
    [InlineData("' a ' | trim | upper ~ 'B' | lower", "Ab")]
    [InlineData("[3, 1] | join('+') ~ [1, 2] | first ~ [1, 2] | last ~ range(3) | join", "3+112012")]
    [InlineData("{'a': [1, 'é\"', true, none]} | tojson", "{\"a\": [1, \"é\\\"\", true, null]}")]
    [InlineData("{'a': 1}.items() | first | join('=') ~ {'a': 1}.get('b', 'c')", "a=1c")]
    [InlineData("messages[0].content | selectattr('type', 'equalto', 'text') | map(attribute='text') | join", "What is it?")]
    [InlineData("messages[0].content | rejectattr('text') | map(attribute='type') | join", "image")]
    [InlineData("messages[0].content | selectattr('text', 'defined') | list | length", "1")]
    [InlineData("{'a': {'b': 2}}['a']['b'] ~ {}", null)]
    public void Expressions_mean_what_they_mean_in_Jinja(string expression, string? expected)
    {
        var template = ChatTemplate.Parse("{% for part in messages[0].content %}{% endfor %}{{ " + expression + " }}");
        if (expected is null)
            Assert.StartsWith("the template, line 1, column ", Assert.Throws<InvalidOperationException>(() => template.Render(Question)).Message, StringComparison.Ordinal);
        else
            Assert.Equal(expected, template.Render(Question));
    }

    [Theory]
    [InlineData("{% for x in [1, 2, 3] %}{{ loop.index0 }}{{ loop.first }}{{ loop.last }} {% endfor %}", "0TrueFalse 1FalseFalse 2FalseTrue ")]
    [InlineData("{% for x in [1, 2, 3] if x != 2 %}{{ x }}/{{ loop.length }} {% endfor %}", "1/2 3/2 ")]
    [InlineData("{% for x in [] %}a{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "a1")]
    [InlineData("{% for x in 'ab' %}{% for y in [1, 2] %}{{ loop.index }}{% endfor %}{{ loop.revindex }}{% endfor %}", "122121")]
    [InlineData("{% for x in [1, 2] %}{{ loop.previtem is defined }}{{ loop.nextitem }} {% endfor %}", "False2 True ")]
    [InlineData("{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "231")]
    [InlineData("{% set n = namespace(x=1) %}{% for i in [1, 2] %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "4")]
    [InlineData("{% if false %}a{% elif 0 %}b{% elif '' %}c{% else %}d{% endif %}", "d")]
    [InlineData("{% if true %}{% set y = 2 %}{% endif %}{{ y }}", "2")]
    [InlineData("{{ {'a': {'b': '}}'}}['a']['b'] }}", "}}")]
    public void Statements_mean_what_they_mean_in_Jinja(string template, string expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(template).Render(Greeting));

    [Theory]
    [InlineData("{% macro f() %}{% endmacro %}", 1, 4, "the statement \"macro\"")]
    [InlineData("a\n{% include 'x' %}", 2, 4, "the statement \"include\"")]
    [InlineData("{{ 1 is prime }}", 1, 9, "the test \"prime\"")]
    [InlineData("{% set x %}y{% endset %}", 1, 8, "a \"set\" without \"=\"")]
    public void What_is_not_supported_is_named_with_its_place(string template, int line, int column, string construct) => Assert.Equal(
        $"the template, line {line}, column {column}: {construct} is not supported.",
        Assert.Throws<NotSupportedException>(() => ChatTemplate.Parse(template)).Message);

    [Theory]
    [InlineData("{{ 1", "has no end")]
    [InlineData("{{ }}", "where a value is expected")]
    [InlineData("{% if true %}a", "has no endif")]
    [InlineData("{% endfor %}", "ends nothing")]
    [InlineData("{% for x in y %}{% endif %}", "where else or endfor is expected")]
    [InlineData("{{ 'abc }}", "closing quote")]
    [InlineData("{# a", "the comment has no end")]
    [InlineData("{{ a ? b }}", "'?' has no meaning")]
    [InlineData("{% for 1 in x %}", "a name")]
    [InlineData("{{ 1.2.3 }}", "is not a number")]
    public void A_damaged_template_is_refused_in_one_sentence(string template, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => ChatTemplate.Parse(template)).Message, StringComparison.Ordinal);

    static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    [Fact]
    public void No_template_whatever_makes_it_fail_otherwise() => Gen.OneOf(
            OneOf("{{", "}}", "{%", "%}", "{#", "#}", "if", "for", "in", "else", "endif", "endfor", "set", "not", "is", "and"),
            OneOf(" ", "\n", "-", "+", "'", "\"", "\\", "(", ")", "[", "]", ":", "|", ".", ",", "=", "messages", "loop", "x", "0", "1", "trim", "tojson", "text"))
        .Array[0, 25].Sample(parts =>
        {
            try
            {
                ChatTemplate.Parse(string.Concat(parts)).Render(Greeting);
            }
            catch (Exception e) when (e is InvalidDataException or NotSupportedException or InvalidOperationException)
            {
                Assert.StartsWith("the template, line ", e.Message, StringComparison.Ordinal);
            }
        }, iter: 20_000);

    [Fact]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack()
    {
        Assert.Throws<NotSupportedException>(() => ChatTemplate.Parse("{{ " + new string('(', 100_000) + new string(')', 100_000) + "}}"));
        Assert.Throws<NotSupportedException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if 1 %}", 10_000))));
    }
}
