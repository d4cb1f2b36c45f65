using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Server.Security;

/// <summary>Secrets that the server hands out, and the hashes that it keeps of them.</summary>
internal static class Secrets
{
    /// <summary>How every access token begins, so that scanners recognise a leaked one.</summary>
    public const string TokenPrefix = "xrm_";

    // No 0/O, 1/l/I: people read these passwords off a terminal.
    private const string Readable = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>256 random bits, fit for a cookie.</summary>
    public static string NewSession() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>256 random bits, fit for an Authorization header.</summary>
    public static string NewToken() => TokenPrefix + NewSession();

    /// <summary>A password of 80 random bits in groups of four.</summary>
    public static string NewPassword() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Readable, 4)));

    /// <summary>What is stored of a secret. The secrets are random, so one round of SHA-256 is enough.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
