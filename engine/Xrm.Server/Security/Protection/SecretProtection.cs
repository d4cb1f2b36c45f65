using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security.Protection;

/// <summary>
/// Encrypts what only the server may read. ASP.NET Data Protection does it, with keys that change by themselves every 90 days; it is set up when it is first
/// needed, and apart from the rest of the server, so that a start reads no keys.
/// </summary>
internal sealed class SecretProtection(MasterKeys masters, ProtectionKeyStore store, ILoggerFactory logs, TimeProvider time) : IDisposable
{
    /// <summary>Bytes with which Data Protection begins all that it protects; the id of the key follows.</summary>
    private const int KeyAt = 4;

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    private readonly Lock _lock = new();
    private ServiceProvider? _services;

    /// <summary>There is a master key, or one can be made.</summary>
    public bool IsAvailable => masters.All.Count > 0;

    /// <summary>Encrypts a text.</summary>
    /// <param name="purpose">What it is and what it belongs to: with another purpose it cannot be read.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="XrmException">503: there is no master key, or not the right one.</exception>
    public byte[] Protect(string purpose, string text) => Protector(Services(), purpose).Protect(Encoding.UTF8.GetBytes(text));

    /// <summary>Decrypts a text.</summary>
    /// <exception cref="XrmException">503: there is no master key, or not the right one; or the text was encrypted for another purpose, or changed.</exception>
    public string Unprotect(string purpose, byte[] value) => TryUnprotect(purpose, value)
        ?? throw new XrmException("secret_unreadable", 503, "The secret cannot be decrypted: its key is lost, or it was changed in the database.");

    /// <summary>Decrypts a text; null where that cannot be done.</summary>
    /// <exception cref="XrmException">503: there is no master key, or not the right one.</exception>
    public string? TryUnprotect(string purpose, byte[] value)
    {
        try
        {
            return Encoding.UTF8.GetString(Protector(Services(), purpose).Unprotect(value));
        }
        catch (CryptographicException)
        {
            // Another node may have made the key since this one read them.
            Renew();
        }
        try
        {
            return Encoding.UTF8.GetString(Protector(Services(), purpose).Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The key that encrypts now.</summary>
    public Guid CurrentKey => new(Protect("key", "").AsSpan(KeyAt, 16));

    /// <summary>Makes a new key, which encrypts from now on.</summary>
    public void Rotate()
    {
        var now = time.GetUtcNow();
        Services().GetRequiredService<IKeyManager>().CreateNewKey(now, now + KeyLifetime);
        Renew();
    }

    /// <summary>Encrypts the keys themselves by the first master key, where another has encrypted them.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> ReplaceMasterAsync(CancellationToken ct)
    {
        _ = Services();
        var replaced = await store.ReplaceAsync(xml => MasterKeyEncryptor.Anew(masters, xml), ct);
        Renew();
        return replaced;
    }

    /// <summary>Reads the keys anew when they are next needed.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            // Whoever uses the old ones just now goes on with them; they hold nothing that would have to be closed.
            _services = null;
        }
    }

    public void Dispose() => _services?.Dispose();

    private static IDataProtector Protector(ServiceProvider services, string purpose) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Xrm", purpose);

    private ServiceProvider Services()
    {
        lock (_lock) return _services ??= Build();
    }

    private ServiceProvider Build()
    {
        if (!IsAvailable) throw new XrmException("master_key_missing", 503, "Secrets cannot be encrypted: the server has no master key. Whoever runs it sets XRM_MASTER_KEY or XRM_MASTER_KEY_FILE.");
        // Data Protection would take keys that it cannot read for none, and make a new one.
        var known = masters.All.Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        if (store.Read().Select(xml => MasterKeyEncryptor.KeyOf(XElement.Parse(xml))).FirstOrDefault(id => id is not null && !known.Contains(id)) is { } missing)
            throw new XrmException("master_key_wrong", 503, $"Secrets cannot be read: their keys were encrypted by the master key {missing}, which is not among those given. Add it behind the new one.");
        var services = new ServiceCollection().AddSingleton(logs).AddSingleton(masters);
        services.AddDataProtection().SetApplicationName("Xrm").SetDefaultKeyLifetime(KeyLifetime);
        services.Configure<KeyManagementOptions>(options => (options.XmlRepository, options.XmlEncryptor) = (new ProtectedKeys(store), new MasterKeyEncryptor(masters)));
        return services.BuildServiceProvider();
    }
}
