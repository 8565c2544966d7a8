using System.Buffers.Binary;
using System.Text;

namespace PruneNotebooks.Tests.Models;

/// <summary>Safetensors bytes put together by hand.</summary>
static class SafetensorsSamples
{
    /// <summary>The length, the header as it is, and that many zero bytes.</summary>
    public static byte[] File(string header, int data = 0)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), file = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    /// <summary>A file with one tensor <c>a</c>.</summary>
    public static byte[] Tensor(string dtype, string shape, byte[] data)
    {
        byte[] file = File($$"""{"a":{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":[0,{{data.Length}}]} }""", data.Length);
        data.CopyTo(file, file.Length - data.Length);
        return file;
    }
}
