using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Metadata.Source;

/// <summary>The files of one package, byte for byte, by path with forward slashes.</summary>
/// <param name="Name">Name of the package (its folder).</param>
/// <param name="Content">Bytes by path inside the folder.</param>
public sealed record PackageFiles(string Name, ImmutableSortedDictionary<string, ImmutableArray<byte>> Content)
{
    /// <summary>SHA-256 over paths and bytes, in lower-case hexadecimal; equal exactly when the packages are.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, bytes) in Content)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{bytes.Length}\n"));
            hash.AppendData(bytes.AsSpan());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>True where the two have the same files, byte for byte.</summary>
    public bool HasSameContent(PackageFiles other) => Content.Count == other.Content.Count
        && Content.Zip(other.Content).All(pair => pair.First.Key == pair.Second.Key && pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value.AsSpan()));
}
