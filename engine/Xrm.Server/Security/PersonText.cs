using System.Net.Mail;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>Names and addresses that people give: what ends in a mail must be one line.</summary>
internal static class PersonText
{
    private const int LongestAddress = 254;
    private const int LongestName = 120;

    /// <summary>An address without a name and without anything that could end a header.</summary>
    /// <exception cref="XrmException">400: it is none.</exception>
    public static string Email(string? written, string field) =>
        EmailOrNull(written) ?? throw XrmException.Invalid([new FieldError(field, "invalid_email", "Enter an e-mail address such as jo@example.com.")]);

    /// <summary>An address as above; null where it is none.</summary>
    public static string? EmailOrNull(string? written)
    {
        var text = written?.Trim() ?? "";
        return text.Length is > 0 and <= LongestAddress && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character is ',' or ';' or '<' or '>' or '"')
            && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.') ? text : null;
    }

    /// <summary>What somebody else calls a person, as a name that can be kept; null where nothing is left.</summary>
    public static string? OneLine(string? written)
    {
        var text = new string([.. (written ?? "").Where(character => !char.IsControl(character)).Take(LongestName)]).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>A name of one line.</summary>
    /// <exception cref="XrmException">400: it is empty, too long or has control characters.</exception>
    public static string Name(string? written, string field)
    {
        var text = written?.Trim() ?? "";
        if (text.Length == 0) throw XrmException.Invalid([new FieldError(field, "required", "Enter a name.")]);
        if (text.Length > LongestName) throw XrmException.Invalid([new FieldError(field, "too_long", $"Use at most {LongestName} characters.")]);
        return text.Any(char.IsControl) ? throw XrmException.Invalid([new FieldError(field, "invalid_name", "Use one line, without control characters.")]) : text;
    }

    /// <summary>A sign-in name of letters, digits and <c>. _ - @ +</c>, in lower case.</summary>
    /// <exception cref="XrmException">400: it is none.</exception>
    public static string UserName(string? written, string field)
    {
        var text = Name(written, field).ToLowerInvariant();
        return text.All(IsOfUserName) ? text : throw XrmException.Invalid([new FieldError(field, "invalid_name", "Use letters, digits and . _ - @ + alone.")]);
    }

    /// <summary>True where a text can be a sign-in name as it is, but for capitals.</summary>
    public static bool IsUserName(string text) => text.Length is > 0 and <= LongestName && text.All(IsOfUserName);

    private static bool IsOfUserName(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '@' or '+';
}
