using System.Collections;
using System.Net.Mail;
using System.Text.Json;

namespace Xrm.Data.Outbox;

/// <summary>Parts of mails that come from records and scripts.</summary>
public static class MailText
{
    private const int MostRecipients = 50;

    /// <summary>The addresses in a text with commas or semicolons, or in a list of texts. What is no address is left out.</summary>
    /// <param name="value">A text, a list, JSON of either, or null.</param>
    public static List<string> Recipients(object? value)
    {
        IEnumerable<string> addresses = value switch
        {
            string one => one.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JsonElement { ValueKind: JsonValueKind.String } text => Recipients(text.GetString()),
            JsonElement { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!),
            JsonElement => [],
            IEnumerable list => list.OfType<string>(),
            _ => [],
        };
        return [.. addresses.Where(address => MailAddress.TryCreate(address, out _)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostRecipients)];
    }

    /// <summary>A subject: line breaks in it would let a record's text add headers.</summary>
    /// <param name="subject">The subject.</param>
    public static string Line(string subject) => subject.ReplaceLineEndings(" ").Trim();
}
