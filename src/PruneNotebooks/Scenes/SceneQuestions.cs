namespace PruneNotebooks.Scenes;

/// <summary>Thinks of the questions about a scene: all that its objects and texts allow, of which a random few of each kind are kept.</summary>
internal sealed class SceneQuestions(SceneLayout layout, SceneRandom random)
{
    static readonly string[] Rows = ["top", "middle", "bottom"];
    static readonly string[] Columns = ["left", "center", "right"];

    readonly IReadOnlyList<SceneObject> _objects = layout.Objects;

    /// <summary>The questions in random order, but the request to read first.</summary>
    public IReadOnlyList<SceneQuestion> Ask(QuestionMix mix)
    {
        List<SceneQuestion> relations = [], places = [];
        var byKind = new List<SceneQuestion>[] { [.. Colours()], [.. Shapes()], Counts(), Existences(), relations, places, [.. Readings()] };
        foreach (var thing in _objects)
        {
            relations.AddRange(Relations(thing));
            if (Reference(thing) is { } name)
                places.Add(new(QuestionKind.Where, $"where is the {name} ?", $"{Rows[thing.Row]} {Columns[thing.Column]}"));
        }
        foreach (var questions in byKind) random.Shuffle(questions);
        List<SceneQuestion> asked = [.. byKind.SelectMany((questions, kind) => questions.Take(mix[(QuestionKind)kind]))];
        random.Shuffle(asked);
        return [.. asked.OrderByDescending(question => question.Kind == QuestionKind.Text)];
    }

    IEnumerable<SceneQuestion> Colours() =>
        from shape in SceneShapes.All
        let found = _objects.Where(thing => thing.Shape == shape).ToList()
        where found.Count == 1
        select new SceneQuestion(QuestionKind.Colour, $"what colour is the {shape.Word} ?", found[0].Colour.Word);

    IEnumerable<SceneQuestion> Shapes() =>
        from colour in SceneColours.All
        let found = _objects.Where(thing => thing.Colour == colour).ToList()
        where found.Count == 1
        select new SceneQuestion(QuestionKind.Shape, $"what shape is the {colour.Word} thing ?", found[0].Shape.Word);

    List<SceneQuestion> Counts()
    {
        // Higher numbers are rare and therefore weigh more.
        List<(string Things, int Count, int Weight)> open = [];
        foreach (var colour in SceneColours.All)
        {
            int count = _objects.Count(thing => thing.Colour == colour);
            open.Add(($"{colour.Word} things", count, count switch { 0 => 2, 1 => 12, 2 => 30, _ => 60 }));
        }
        foreach (var shape in SceneShapes.All)
        {
            int count = _objects.Count(thing => thing.Shape == shape);
            open.Add((shape.Plural, count, count switch { 0 => 3, 1 => 12, 2 => 30, _ => 60 }));
        }
        open.Add(("things", _objects.Count, 20));

        List<SceneQuestion> questions = [];
        while (questions.Count < 3)
        {
            int ticket = random.Below(open.Sum(candidate => candidate.Weight)), drawn = 0;
            while (ticket >= open[drawn].Weight) ticket -= open[drawn++].Weight;
            questions.Add(new(QuestionKind.Count, $"how many {open[drawn].Things} ?", $"{open[drawn].Count}"));
            open.RemoveAt(drawn);
        }
        return questions;
    }

    List<SceneQuestion> Existences()
    {
        List<SceneQuestion> questions = [];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            bool present = random.Chance(50);
            var (colour, shape) = present ? Present() : Absent();
            var question = new SceneQuestion(QuestionKind.Exists, $"is there a {colour.Word} {shape.Word} ?", present ? "yes" : "no");
            if (!questions.Contains(question)) questions.Add(question);
        }
        return questions;
    }

    (SceneColour, SceneShape) Present()
    {
        var thing = random.Pick(_objects);
        return (thing.Colour, thing.Shape);
    }

    // Most of the time a colour and a shape that both occur, but not together: neither of them alone gives the answer away.
    (SceneColour, SceneShape) Absent()
    {
        for (int attempt = 0; ; attempt++)
        {
            var (colour, shape) = random.Chance(65) && attempt < 12
                ? (random.Pick(_objects).Colour, random.Pick(_objects).Shape)
                : (random.Chance(50) ? random.Pick(_objects).Colour : random.Pick(SceneColours.All), random.Pick(SceneShapes.All));
            if (!_objects.Any(thing => thing.Colour == colour && thing.Shape == shape)) return (colour, shape);
        }
    }

    IEnumerable<SceneQuestion> Relations(SceneObject thing)
    {
        foreach (var (direction, column, row) in new[] { ("left of", -1, 0), ("right of", 1, 0), ("above", 0, -1), ("below", 0, 1) })
            if (Neighbour(thing, column, row) is { } neighbour && Reference(thing) is { } name)
                yield return new(QuestionKind.Relation, $"what is {direction} the {name} ?", neighbour.ToString());
    }

    // The nearest object in the same row or column of cells.
    SceneObject? Neighbour(SceneObject thing, int column, int row)
    {
        for (int steps = 1; steps < 3; steps++)
        {
            var (x, y) = (thing.Column + steps * column, thing.Row + steps * row);
            if (_objects.FirstOrDefault(other => other.Column == x && other.Row == y) is { } found) return found;
        }
        return null;
    }

    // A name that fits this object alone, not always the shortest; null if another one looks the same.
    string? Reference(SceneObject thing)
    {
        if (_objects.Count(other => other.Colour == thing.Colour && other.Shape == thing.Shape) > 1) return null;
        return random.Below(4) switch
        {
            0 when _objects.Count(other => other.Shape == thing.Shape) == 1 => thing.Shape.Word,
            1 when _objects.Count(other => other.Colour == thing.Colour) == 1 => $"{thing.Colour.Word} thing",
            _ => thing.ToString(),
        };
    }

    IEnumerable<SceneQuestion> Readings()
    {
        if (layout.Texts.Count == 1)
            yield return new(QuestionKind.Text, "read the text .", string.Join(' ', layout.Texts[0].Value.AsEnumerable()));
    }
}
