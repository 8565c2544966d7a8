namespace PruneNotebooks.Models.Tokenization;

/// <summary>The section <c>post_processor</c> of tokenizer.json: the special tokens around a text.</summary>
static class PostProcessors
{
    /// <summary>A function from the tokens of a text to the tokens of a prompt.</summary>
    public static Func<List<int>, List<int>> Read(ConfigFields? fields) => fields is null ? ids => ids : fields.Text("type") switch
    {
        "ByteLevel" => ids => ids, // concerns offsets only
        "TemplateProcessing" => Template(fields),
        "BertProcessing" or "RobertaProcessing" => Around([PairedId(fields, "cls")], [PairedId(fields, "sep")]),
        "Sequence" => Sequence(fields.Sections("processors") ?? throw fields.Wrong("processors", "a list of post-processors")),
        _ => throw fields.Unsupported("type", "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence"),
    };

    static Func<List<int>, List<int>> Sequence(IReadOnlyList<ConfigFields> parts)
    {
        Func<List<int>, List<int>>[] steps = [.. parts.Select(Read)];
        return ids => steps.Aggregate(ids, (current, step) => step(current));
    }

    static Func<List<int>, List<int>> Template(ConfigFields fields)
    {
        var before = new List<int>();
        var after = new List<int>();
        var side = before;
        var special = fields.SectionOrEmpty("special_tokens");
        foreach (var item in fields.Sections("single") ?? throw fields.Wrong("single", "a list of tokens and the place of the text"))
        {
            if (item.Has("Sequence"))
            {
                side = side == before ? after : throw fields.Wrong("single", "a list with the place of the text once");
                continue;
            }
            var token = item.Section("SpecialToken") ?? throw fields.Wrong("single", "a list of SpecialToken and Sequence");
            string name = token.Text("id") ?? throw token.Wrong("id", "a text");
            var ids = special.Section(name)?.Tokens("ids") ?? throw fields.Wrong("special_tokens", $"an object with the ids of {name}");
            side.AddRange(ids.Select(id => checked((int)id)));
        }
        return Around(before, after);
    }

    static Func<List<int>, List<int>> Around(List<int> before, List<int> after) => ids => [.. before, .. ids, .. after];

    /// <summary>A field such as <c>["[SEP]", 102]</c>.</summary>
    static int PairedId(ConfigFields fields, string name) =>
        fields.Items(name)?.ToArray() is [_, { ValueKind: System.Text.Json.JsonValueKind.Number } id] && id.TryGetInt32(out int value)
            ? value
            : throw fields.Wrong(name, "a token and its id");
}
