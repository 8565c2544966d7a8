using System.Text;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>The alphabet of GPT-2: 256 visible characters, one for each byte, so that any UTF-8 text is a word without blanks.</summary>
static class ByteAlphabet
{
    static readonly char[] CharOf = MakeAlphabet();

    static readonly Dictionary<char, byte> ByteOf = CharOf.Select((c, b) => (c, b)).ToDictionary(pair => pair.c, pair => (byte)pair.b);

    /// <summary>Visible characters of Latin-1 stand for themselves, the other bytes for U+0100, U+0101 and so on.</summary>
    static char[] MakeAlphabet()
    {
        int spare = 0x100;
        return [.. Enumerable.Range(0, 256).Select(b => (char)(IsVisible(b) ? b : spare++))];
    }

    static bool IsVisible(int b) => b is (>= '!' and <= '~') or (>= '¡' and <= '¬') or >= '®';

    public static string Encode(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (result, text) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length; i++)
            result[i] = CharOf[bytes[i]];
    });

    /// <summary>The bytes that a token stands for. A token with other characters (an added one) stands for its own UTF-8.</summary>
    public static byte[] Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (!ByteOf.TryGetValue(token[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(token);
        }
        return bytes;
    }
}
