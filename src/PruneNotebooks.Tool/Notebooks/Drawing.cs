using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>An output that a browser has to draw: a chart, or what a cell in JavaScript shows.</summary>
/// <param name="Output">The output as the file holds it.</param>
/// <param name="Type">One of <see cref="CommittedForm.Drawings"/>.</param>
sealed record Drawing(JsonObject Output, string Type)
{
    /// <summary>The bundle: MIME types and what they hold.</summary>
    public JsonObject Data => (JsonObject)Output["data"]!;

    /// <summary>What is drawn: a Plotly figure, or code and values.</summary>
    public JsonObject Content => (JsonObject)Data[Type]!;

    public bool IsChart => Type == CommittedForm.Plotly;

    /// <summary>The drawings among the outputs of a cell.</summary>
    public static IEnumerable<Drawing> In(JsonArray outputs) =>
        from output in outputs.OfType<JsonObject>()
        where output["data"] is JsonObject
        from type in CommittedForm.Drawings
        where output["data"]![type] is JsonObject
        select new Drawing(output, type);

    /// <summary>Puts a picture behind the data, where front ends look for what they can show.</summary>
    public void Give(JsonNode picture, JsonObject metadata)
    {
        Data.Insert(Data.IndexOf(Type) + 1, "image/png", picture);
        Output["metadata"] = AlternativeText.AddedTo(metadata, Data);
    }
}
