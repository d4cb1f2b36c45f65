using System.Collections.Immutable;
using System.Security.Claims;

namespace Xrm.Server.Security;

/// <summary>
/// As whom an administrator sees the application during a session. It stands in a cookie that counts for that session alone: whoever writes one
/// by hand gains nothing, as it only takes rights away, and only administrators may have one.
/// </summary>
/// <param name="Roles">Names of the roles; empty for those of the person.</param>
/// <param name="User">The person at whose place the application is seen; null for the administrator's own place.</param>
internal sealed record AccessPreview(ImmutableArray<string> Roles, Guid? User)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Claim that is there while a preview runs.</summary>
    public const string ClaimType = "xrm:preview";

    /// <summary>Roles that a preview can have.</summary>
    public const int MostRoles = 20;

    private const int LongestText = 2_000;
    private const char Between = '.';

    /// <summary>The preview of a request; null for none.</summary>
    public static AccessPreview? Of(ClaimsPrincipal user) => user.FindFirstValue(ClaimType) is { } text ? Parse(text) : null;

    /// <summary>The claim of the preview that a request carries for its session; null for none. One of another session, or that cannot be read, is none.</summary>
    public static Claim? ClaimOf(HttpRequest request, Guid session)
    {
        var prefix = $"{session:N}{Between}";
        return request.Cookies[Cookies.Preview(request)] is { Length: <= LongestText } text && text.StartsWith(prefix, StringComparison.Ordinal) && Parse(text[prefix.Length..]) is { } preview
            ? new Claim(ClaimType, preview.ToString()) : null;
    }

    /// <summary>Gives the preview to the browser; it ends with the session at the latest.</summary>
    public void Give(HttpContext http, Guid session) =>
        Cookies.Give(http, Cookies.Preview(http.Request), $"{session:N}{Between}{this}", Longest);

    /// <summary>Takes the preview from the browser.</summary>
    public static void Take(HttpContext http) => Cookies.Take(http, Cookies.Preview(http.Request));

    /// <summary>The same text for the same preview.</summary>
    public override string ToString() => string.Join(Between, [User?.ToString("N") ?? "", .. Roles.Order(StringComparer.Ordinal)]);

    private static AccessPreview? Parse(string text)
    {
        var parts = text.Split(Between);
        Guid? user = null;
        if (parts[0].Length > 0)
        {
            if (!Guid.TryParseExact(parts[0], "N", out var id)) return null;
            user = id;
        }
        return parts.Length > 1 + MostRoles || (user is null && parts.Length == 1) ? null : new AccessPreview([.. parts.Skip(1)], user);
    }
}
