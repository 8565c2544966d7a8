using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace PruneNotebooks.Display;

/// <summary>Plotly.NET's objects, filled by the names of the plotly.js reference: from C# its own functions want every optional argument.</summary>
static class Plot
{
    /// <summary>Sets an attribute and returns the object.</summary>
    public static T Set<T>(this T target, string attribute, object value) where T : DynamicObj.DynamicObj
    {
        target.SetProperty(attribute, value);
        return target;
    }

    /// <summary>A trace of a plotly type.</summary>
    public static Trace Trace(string type) => new(type);

    public static Title Title(string text) => new Title().Set("text", text);

    /// <summary>A chart of traces; a page or file that is made of it carries plotly.js in itself.</summary>
    public static GenericChart Chart(IEnumerable<Trace> traces, Layout layout) => GenericChart.NewMultiChart(
        ListModule.OfSeq(traces), layout, new Config().Set("displaylogo", false), DisplayOptions.init(
            FSharpOption<string>.None, FSharpOption<string>.None, FSharpOption<string>.None, null, null, null, PlotlyJSReference.Full));

    /// <summary>A layout in a style.</summary>
    public static Layout Layout(ChartStyle style, string title, LinearAxis x, LinearAxis y) => new Layout()
        .Set("title", Title(title).Set("x", 0.02).Set("xanchor", "left").Set("font", new Font().Set("size", style.TextSize + 3)))
        .Set("width", style.Width)
        .Set("height", style.Height)
        .Set("font", new Font().Set("family", style.Fonts).Set("size", style.TextSize).Set("color", "#222222"))
        .Set("paper_bgcolor", "#ffffff")
        .Set("plot_bgcolor", "#ffffff")
        .Set("margin", new Margin().Set("l", 70).Set("r", 20).Set("t", 56).Set("b", 60))
        .Set("hovermode", "closest")
        .Set("xaxis", x)
        .Set("yaxis", y);

    /// <summary>A linear axis with a title, a frame line and a pale grid.</summary>
    public static LinearAxis Axis(string title) => new LinearAxis()
        .Set("title", Title(title))
        .Set("automargin", true)
        .Set("showline", true)
        .Set("linecolor", "#444444")
        .Set("gridcolor", "#e2e2e2")
        .Set("zeroline", false)
        .Set("ticks", "outside")
        .Set("tickcolor", "#444444");

    /// <summary>The legend outside of the plot, at its right.</summary>
    public static Legend LegendAside => new Legend().Set("x", 1.02).Set("xanchor", "left").Set("y", 1).Set("yanchor", "top");
}
