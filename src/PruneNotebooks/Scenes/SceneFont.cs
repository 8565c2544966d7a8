namespace PruneNotebooks.Scenes;

/// <summary>The characters that scenes are written with, 5 x 7 pixels each.</summary>
internal static class SceneFont
{
    public const int Width = 5;
    public const int Height = 7;
    public const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    const int PerLine = 12;

    // Three lines of twelve characters, in the order above.
    const string Sheet = """
        .###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###. .###. ####.
        #...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...# #...# #...#
        #..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...# #...# #...#
        #.#.# ..#.. ...#. ...#. #..#. ....# ####. ..#.. .###. .#### ##### ####.
        ##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....# #...# #...#
        #...# ..#.. .#... #...# ...#. #...# #...# .#... #...# ...#. #...# #...#
        .###. .###. ##### .###. ...#. .###. .###. .#... .###. .##.. #...# ####.

        .###. ###.. ##### ##### .###. #...# .###. ..### #...# #.... #...# #...#
        #...# #..#. #.... #.... #...# #...# ..#.. ...#. #..#. #.... ##.## #...#
        #.... #...# #.... #.... #.... #...# ..#.. ...#. #.#.. #.... #.#.# ##..#
        #.... #...# ####. ####. #.### ##### ..#.. ...#. ##... #.... #.#.# #.#.#
        #.... #...# #.... #.... #...# #...# ..#.. ...#. #.#.. #.... #...# #..##
        #...# #..#. #.... #.... #...# #...# ..#.. #..#. #..#. #.... #...# #...#
        .###. ###.. ##### #.... .#### #...# .###. .##.. #...# ##### #...# #...#

        .###. ####. .###. ####. .#### ##### #...# #...# #...# #...# #...# #####
        #...# #...# #...# #...# #.... ..#.. #...# #...# #...# #...# #...# ....#
        #...# #...# #...# #...# #.... ..#.. #...# #...# #...# .#.#. #...# ...#.
        #...# ####. #...# ####. .###. ..#.. #...# #...# #.#.# ..#.. .#.#. ..#..
        #...# #.... #.#.# #.#.. ....# ..#.. #...# #...# #.#.# .#.#. ..#.. .#...
        #...# #.... #..#. #..#. ....# ..#.. #...# .#.#. #.#.# #...# ..#.. #....
        .###. #.... .##.# #...# ####. ..#.. .###. ..#.. .#.#. #...# ..#.. #####
        """;

    static readonly string[] Rows = Sheet.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether the character has ink at column <paramref name="x"/>, row <paramref name="y"/>.</summary>
    public static bool HasInk(char symbol, int x, int y)
    {
        int index = Characters.IndexOf(symbol, StringComparison.Ordinal);
        return Rows[index / PerLine * Height + y][index % PerLine * (Width + 1) + x] == '#';
    }
}
