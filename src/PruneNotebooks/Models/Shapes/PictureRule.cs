using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models.Shapes;

/// <summary>How an image processor turns a picture of any size into crops, patches and visual tokens. All counts are those of the reference library.</summary>
abstract record PictureRule
{
    public abstract VisualInput See(int height, int width);

    /// <summary>The same rule with the bounds that a <c>preprocessor_config.json</c> sets, where it has such.</summary>
    public virtual PictureRule Bounded(ConfigFields preprocessor) => this;

    /// <summary>Whatever the picture, it becomes one square (LLaVA-1.5, ViT).</summary>
    public sealed record OneSize(int Side, int Tokens) : PictureRule
    {
        public override VisualInput See(int height, int width) => new(1, TokenGrid.Square(Side), Tokens);
    }

    /// <summary>The whole picture in small, then tiles that cover it; rows of tokens that only see padding leave, and every row ends with a line break (LLaVA-NeXT, OneVision).</summary>
    /// <param name="ImageSize">Side of a crop, in pixels.</param>
    /// <param name="Side">Side of a crop, in patches.</param>
    /// <param name="Extra">Tokens beside the patches that the whole picture keeps.</param>
    /// <param name="Pinpoints">Heights and widths that tiles may cover together.</param>
    /// <param name="MostTiles">Above that many crops' worth of tokens, features of tiles shrink; <see langword="null"/> if never.</param>
    public sealed record AnyResolution(int ImageSize, int Side, int Extra, IReadOnlyList<(int Height, int Width)> Pinpoints, int? MostTiles) : PictureRule
    {
        public override VisualInput See(int height, int width)
        {
            var (tiledHeight, tiledWidth) = Pinpoints.OrderByDescending(area => Covered(area, height, width)).ThenBy(area => area.Height * area.Width - Covered(area, height, width)).First();
            int tileRows = tiledHeight / ImageSize, tileColumns = tiledWidth / ImageSize, rows = Side * tileRows, columns = Side * tileColumns;
            if ((double)width / height > (double)columns / rows)
                rows -= (rows - Whole(height * ((double)columns / width))) / 2 * 2;
            else
                columns -= (columns - Whole(width * ((double)rows / height))) / 2 * 2;
            if (MostTiles is { } most)
            {
                double ratio = Math.Sqrt((double)rows * columns / (most * Side * Side));
                if (ratio > 1.1) (rows, columns) = ((int)Math.Floor(rows / ratio), (int)Math.Floor(columns / ratio));
            }
            return new(1 + tileRows * tileColumns, TokenGrid.Square(Side), Side * Side + Extra + rows * columns + rows);
        }

        // Pixels of the picture that are left when it is made to fit.
        static int Covered((int Height, int Width) area, int height, int width)
        {
            double scale = Math.Min((double)area.Width / width, (double)area.Height / height);
            return Math.Min((int)(width * scale) * (int)(height * scale), width * height);
        }

        static int Whole(double value) => (int)Math.Round(value, 7);
    }

    /// <summary>Resized as little as makes its sides multiples of a merged patch and its area allowed (Qwen-VL).</summary>
    /// <param name="Patch">Side of a patch, in pixels.</param>
    /// <param name="Merge">Side of the square of patches that become one token.</param>
    /// <param name="Least">Smallest area, in pixels.</param>
    /// <param name="Most">Largest area, in pixels.</param>
    public sealed record Native(int Patch, int Merge, int Least, int Most) : PictureRule
    {
        public override VisualInput See(int height, int width)
        {
            int unit = Patch * Merge;
            double area = (double)height * width;
            double rows = Math.Round((double)height / unit), columns = Math.Round((double)width / unit);
            if (rows * columns * unit * unit > Most)
            {
                double shrink = Math.Sqrt(area / Most);
                (rows, columns) = (Math.Max(1, Math.Floor(height / shrink / unit)), Math.Max(1, Math.Floor(width / shrink / unit)));
            }
            else if (rows * columns * unit * unit < Least)
            {
                double grow = Math.Sqrt(Least / area);
                (rows, columns) = (Math.Ceiling(height * grow / unit), Math.Ceiling(width * grow / unit));
            }
            return new(1, new TokenGrid((int)rows * Merge, (int)columns * Merge), (int)(rows * columns));
        }

        public override PictureRule Bounded(ConfigFields preprocessor) => this with
        {
            Least = preprocessor.Size("min_pixels") ?? preprocessor.SectionOrEmpty("size").Size("shortest_edge") ?? Least,
            Most = preprocessor.Size("max_pixels") ?? preprocessor.SectionOrEmpty("size").Size("longest_edge") ?? Most,
        };
    }

    /// <summary>Tiles in the arrangement whose shape is nearest to the picture's, and the whole picture in small if there are several (InternVL3).</summary>
    /// <param name="ImageSize">Side of a tile, in pixels.</param>
    /// <param name="Side">Side of a tile, in patches.</param>
    /// <param name="TokensPerTile">Visual tokens of a tile.</param>
    /// <param name="MostTiles">How many tiles there may be.</param>
    public sealed record Canvas(int ImageSize, int Side, int TokensPerTile, int MostTiles = 12) : PictureRule
    {
        public override VisualInput See(int height, int width)
        {
            var arrangements = from columns in Enumerable.Range(1, MostTiles) from rows in Enumerable.Range(1, MostTiles / columns) orderby columns * rows select (Columns: columns, Rows: rows);
            double nearest = double.PositiveInfinity;
            int tiles = 1;
            foreach (var (columns, rows) in arrangements)
            {
                double away = Math.Abs((double)width / height - (double)columns / rows);
                // Of equal shapes the larger one, as long as the picture fills half of it.
                if (away < nearest || away == nearest && (double)width * height > 0.5 * ImageSize * ImageSize * columns * rows) (nearest, tiles) = (away, columns * rows);
            }
            int crops = tiles > 1 ? tiles + 1 : 1;
            return new(crops, TokenGrid.Square(Side), crops * TokensPerTile);
        }

        public override PictureRule Bounded(ConfigFields preprocessor) => this with { MostTiles = preprocessor.Size("max_patches") ?? MostTiles };
    }

    /// <summary>Enlarged until its longer edge is so long, then cut into tiles, with the whole picture in small if there are several (SmolVLM, Idefics3). Tokens that name rows and columns are text.</summary>
    /// <param name="ImageSize">Side of a tile, in pixels.</param>
    /// <param name="Side">Side of a tile, in patches.</param>
    /// <param name="TokensPerTile">Visual tokens of a tile.</param>
    /// <param name="Longest">The longer edge, in tiles.</param>
    public sealed record LongestEdge(int ImageSize, int Side, int TokensPerTile, int Longest = 4) : PictureRule
    {
        public override VisualInput See(int height, int width)
        {
            bool wide = width >= height;
            int longest = Longest * ImageSize;
            double shape = (double)width / height;
            int shorter = Even(wide ? longest / shape : longest * shape);
            // In whole tiles, from the shape that the resized picture has.
            int tiled = (int)(wide ? longest / ((double)longest / shorter) : longest * ((double)shorter / longest));
            int tiles = Longest * (int)Math.Ceiling((double)tiled / ImageSize), crops = tiles > 1 ? tiles + 1 : 1;
            return new(crops, TokenGrid.Square(Side), crops * TokensPerTile);
        }

        public override PictureRule Bounded(ConfigFields preprocessor) => preprocessor.Flag("do_image_splitting") == false
            ? new OneSize(Side, TokensPerTile)
            : this with { Longest = preprocessor.SectionOrEmpty("size").Size("longest_edge") is { } edge ? Math.Max(1, edge / ImageSize) : Longest };

        static int Even(double edge) => Math.Max(1, (int)edge) + Math.Max(1, (int)edge) % 2;
    }
}
