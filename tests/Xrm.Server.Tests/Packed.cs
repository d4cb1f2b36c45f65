using System.IO.Compression;

namespace Xrm.Server.Tests;

/// <summary>Bytes that are small on their way, and large for whoever unpacks them.</summary>
internal static class Packed
{
    /// <summary>So many spaces, by gzip.</summary>
    /// <param name="count">Bytes when they are unpacked.</param>
    /// <param name="after">Bytes that follow them.</param>
    public static byte[] Spaces(int count, ReadOnlySpan<byte> after = default)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            var portion = new byte[64 * 1024];
            portion.AsSpan().Fill((byte)' ');
            for (var left = count; left > 0; left -= portion.Length) gzip.Write(portion, 0, Math.Min(left, portion.Length));
            gzip.Write(after);
        }
        return packed.ToArray();
    }
}
