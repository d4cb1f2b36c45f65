using System.Globalization;
using System.Security.Cryptography;
using Xrm.Server.Commands;

namespace Xrm.Server.Security.Protection;

/// <summary>Where master keys come from.</summary>
/// <param name="DataDirectory">Folder of the embedded database and of local settings.</param>
/// <param name="MayMake">A key may be made there where none is given: the database lies there, too. Whoever runs another database decides for themselves where its key lies.</param>
internal sealed record MasterKeyPlace(string DataDirectory, bool MayMake)
{
    /// <summary>File with the key that the server has made.</summary>
    public string File => Path.Combine(DataDirectory, "master.key");
}

/// <summary>
/// The keys that no database holds, and that encrypt those which it does: <c>XRM_MASTER_KEY</c>, or the file that <c>XRM_MASTER_KEY_FILE</c> names. Each is 32
/// bytes in base 64. Several stand behind one another: the first encrypts, all decrypt, so that a key can be replaced.
/// </summary>
internal sealed class MasterKeys(IConfiguration configuration, MasterKeyPlace place, ILogger<MasterKeys> log)
{
    private const int Bytes = 32;

    private readonly Lock _lock = new();
    private IReadOnlyList<MasterKey>? _keys;

    /// <summary>The keys, the one that encrypts first; empty where there is none and none may be made.</summary>
    /// <exception cref="CommandFailedException">A key cannot be read.</exception>
    public IReadOnlyList<MasterKey> All
    {
        get
        {
            lock (_lock) return _keys ??= Read();
        }
    }

    private IReadOnlyList<MasterKey> Read()
    {
        if (configuration["XRM_MASTER_KEY"] is { Length: > 0 } given) return Parse(given, "XRM_MASTER_KEY");
        if (configuration["XRM_MASTER_KEY_FILE"] is { Length: > 0 } file) return Parse(Text(file), $"The file {file}");
        if (File.Exists(place.File)) return Parse(Text(place.File), $"The file {place.File}");
        return place.MayMake ? [Make()] : [];
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Unavailable, $"The master key cannot be read: {exception.Message}", exception);
        }
    }

    private static IReadOnlyList<MasterKey> Parse(string text, string origin)
    {
        var keys = text.Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(written =>
        {
            var bytes = new byte[Bytes + 1];
            return Convert.TryFromBase64String(written, bytes, out var length) && length == Bytes ? new MasterKey(bytes[..Bytes])
                : throw new CommandFailedException(ExitCodes.Usage, string.Create(CultureInfo.InvariantCulture, $"{origin} holds something that is no master key: one is {Bytes} random bytes in base 64, as openssl rand -base64 {Bytes} prints them."));
        }).ToList();
        return keys.Count > 0 ? keys : throw new CommandFailedException(ExitCodes.Usage, $"{origin} holds no master key.");
    }

    private MasterKey Make()
    {
        var bytes = RandomNumberGenerator.GetBytes(Bytes);
        Directory.CreateDirectory(place.DataDirectory);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var writer = new StreamWriter(place.File, options);
            writer.WriteLine(Convert.ToBase64String(bytes));
        }
        catch (IOException) when (File.Exists(place.File))
        {
            // Another process was first.
            return Parse(Text(place.File), $"The file {place.File}")[0];
        }
        log.LogWarning("A master key was made: {File}. Keep a copy of it apart from backups of the database: secrets cannot be read without it.", place.File);
        return new MasterKey(bytes);
    }
}

/// <summary>A key that encrypts other keys (AES-256-GCM).</summary>
internal sealed class MasterKey(byte[] bytes)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Tells keys apart, and nothing of the key.</summary>
    public string Id { get; } = Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "xrm master key id"u8)[..8]);

    /// <summary>Encrypts.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(bytes, TagLength);
        cipher.Encrypt(sealedBytes.AsSpan(0, NonceLength), plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength));
        return sealedBytes;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> gave.</summary>
    /// <exception cref="CryptographicException">It was encrypted by another key, or changed.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceLength + TagLength) throw new CryptographicException("The encrypted key is cut short.");
        var plain = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(bytes, TagLength);
        cipher.Decrypt(sealedBytes[..NonceLength], sealedBytes[(NonceLength + TagLength)..], sealedBytes.Slice(NonceLength, TagLength), plain);
        return plain;
    }
}
