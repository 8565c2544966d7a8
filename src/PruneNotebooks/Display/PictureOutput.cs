using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>A picture at a size that suits a page: tiny ones enlarged by a whole factor, huge ones reduced.</summary>
static class PictureOutput
{
    const int Small = 160, Enlarged = 320, Largest = 960;

    public static byte[] Png(RgbImage image) => Sized(image).ToPng();

    public static RgbImage Sized(RgbImage image, int enlarged = Enlarged, int largest = Largest)
    {
        int longest = Math.Max(image.Width, image.Height);
        double scale = longest <= Small ? Math.Max(1, enlarged / longest) : longest > largest ? (double)largest / longest : 1;
        return Resampling.Resize(image, Scaled(image.Width), Scaled(image.Height), Resample.Box);

        int Scaled(int side) => Math.Max(1, (int)Math.Round(side * scale));
    }
}
