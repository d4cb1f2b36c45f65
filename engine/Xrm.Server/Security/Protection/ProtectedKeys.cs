using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security.Protection;

/// <summary>The keys of ASP.NET Data Protection, in the database.</summary>
internal sealed class ProtectedKeys(ProtectionKeyStore store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. store.Read().Select(xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName) => store.Put(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}

/// <summary>Encrypts these keys by the first master key.</summary>
internal sealed class MasterKeyEncryptor(MasterKeys keys) : IXmlEncryptor
{
    /// <summary>Name of the element that holds an encrypted key.</summary>
    public const string ElementName = "masterKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(Element(keys.All[0], plaintextElement.ToString(SaveOptions.DisableFormatting)), typeof(MasterKeyDecryptor));

    /// <summary>The id of the master key that has encrypted a stored key; null where none has.</summary>
    public static string? KeyOf(XElement stored) => stored.Descendants(ElementName).FirstOrDefault()?.Attribute("id")?.Value;

    /// <summary>A stored key encrypted anew; null where the first master key has encrypted it already, or nothing of it is encrypted.</summary>
    /// <exception cref="CryptographicException">None of the master keys has encrypted it.</exception>
    public static string? Anew(MasterKeys keys, string xml)
    {
        var stored = XElement.Parse(xml);
        if (stored.Descendants(ElementName).FirstOrDefault() is not { } element || element.Attribute("id")?.Value == keys.All[0].Id) return null;
        element.ReplaceWith(Element(keys.All[0], Open(keys, element)));
        return stored.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>What an element holds.</summary>
    /// <exception cref="CryptographicException">None of the master keys has encrypted it.</exception>
    internal static string Open(MasterKeys keys, XElement element)
    {
        var key = keys.All.FirstOrDefault(key => key.Id == element.Attribute("id")?.Value) ?? throw new CryptographicException("The master key that has encrypted this key is not among those given.");
        return Encoding.UTF8.GetString(key.Decrypt(Convert.FromBase64String(element.Value)));
    }

    private static XElement Element(MasterKey key, string text) => new(ElementName, new XAttribute("id", key.Id), Convert.ToBase64String(key.Encrypt(Encoding.UTF8.GetBytes(text))));
}

/// <summary>Decrypts them. Data Protection makes it by its name, which stands beside each key.</summary>
internal sealed class MasterKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(MasterKeyEncryptor.Open(services.GetRequiredService<MasterKeys>(), encryptedElement));
}
