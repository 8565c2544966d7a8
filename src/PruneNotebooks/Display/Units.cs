using System.Globalization;

namespace PruneNotebooks.Display;

/// <summary>Measured numbers as people read them: three significant digits and a unit.</summary>
public static class Units
{
    static readonly string[] Decimal = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>Floating-point operations: "1.23 GFLOPs".</summary>
    public static string Flops(double flops) => Scaled(flops, 1000, Decimal, "FLOPs");

    /// <summary>Bytes in binary units: "1.5 MiB".</summary>
    public static string Bytes(double bytes) => Scaled(bytes, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"], "B");

    /// <summary>A time: "12.3 ms".</summary>
    public static string Time(TimeSpan time)
    {
        double seconds = Math.Abs(time.TotalSeconds);
        return seconds switch
        {
            0 => "0 s",
            < 0.9995e-3 => $"{Number(time.TotalMicroseconds)} µs",
            < 0.9995 => $"{Number(time.TotalMilliseconds)} ms",
            < 600 => $"{Number(time.TotalSeconds)} s",
            _ => $"{Number(time.TotalMinutes)} min",
        };
    }

    /// <summary>A part of one in per cent: 0.25 is "25 %".</summary>
    public static string Percent(double part) => $"{Number(100 * part)} %";

    /// <summary>A number with three significant digits, whole ones below a million as they are: "0.0123", "144", "1.23e+07".</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return value.ToString(CultureInfo.InvariantCulture);
        if (Math.Abs(value) < 1e6 && double.IsInteger(value)) return value.ToString("0", CultureInfo.InvariantCulture);
        double size = Math.Abs(value);
        if (size is < 1e-4 or >= 1e6) return value.ToString("0.##e+00", CultureInfo.InvariantCulture);
        int decimals = Math.Max(0, 2 - (int)Math.Floor(Math.Log10(size)));
        return Math.Round(value, decimals).ToString("0.########", CultureInfo.InvariantCulture);
    }

    static string Scaled(double value, double step, string[] prefixes, string unit)
    {
        int prefix = 0;
        while (Math.Abs(value) >= step * 0.9995 && prefix < prefixes.Length - 1) (value, prefix) = (value / step, prefix + 1);
        return $"{Number(value)} {prefixes[prefix]}{unit}";
    }
}
