using System.Globalization;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;

namespace Xrm.Server.Features.Audit;

/// <summary>Which entries of the audit somebody asks for: <c>from</c>, <c>to</c>, <c>user</c>, <c>operation</c> (several with commas), <c>source</c>, <c>entity</c>, <c>record</c>, <c>top</c>, <c>after</c>.</summary>
internal static class AuditQuestion
{
    private const int UsualPage = 50;
    private const int MostEntries = 500;

    /// <exception cref="XrmException">400: something of it cannot be understood.</exception>
    public static AuditFilter Read(IQueryCollection query) => new()
    {
        From = Time(query, "from"),
        To = Time(query, "to"),
        UserId = Id(query, "user"),
        Operations = Text(query, "operation")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        Source = Text(query, "source"),
        Entity = Text(query, "entity"),
        RecordId = Id(query, "record"),
        Behind = Text(query, "after") is not { } after ? null : AuditPlace.TryParse(after) ?? throw Wrong("after", after, "what @odata.nextLink of an earlier page said"),
        Limit = Text(query, "top") is not { } top ? UsualPage
            : int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostEntries ? number : throw Wrong("top", top, $"a number of 1 to {MostEntries}"),
    };

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static Guid? Id(IQueryCollection query, string name) => Text(query, name) is not { } text ? null : Guid.TryParseExact(text, "D", out var id) ? id : throw Wrong(name, text, "an id");

    private static DateTime? Time(IQueryCollection query, string name) => Text(query, name) is not { } text ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : throw Wrong(name, text, "a time such as 2026-11-22T10:00:00Z");

    private static XrmException Wrong(string name, string text, string expected) => new("query_not_understood", 400, $"{name} is '{text}'; it must be {expected}.");
}
