using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;

namespace Xrm.Server.Security;

/// <summary>
/// Logs who was refused access to what: a line each, so many within a minute for one person and for all strangers together, and one that counts the others, so that
/// nobody can flood the log. A line has the pattern of a route and the name of an entity; values, queries and secrets are in none.
/// </summary>
internal sealed class RefusedAccess : IDisposable
{
    /// <summary>Lines of one person, or of all strangers, within a minute.</summary>
    public const int MostLines = 30;

    /// <summary>Somebody was refused.</summary>
    public static readonly EventId Refused = new(4030, "AccessRefused");

    /// <summary>Somebody was refused more often than there are lines for.</summary>
    public static readonly EventId MoreRefused = new(4031, "MoreAccessRefused");

    private const int LongestMethod = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly CurrentModel _current;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private DateTimeOffset _end;

    public RefusedAccess(CurrentModel current, TimeProvider time, ILogger<RefusedAccess> log)
    {
        (_current, _time, _log) = (current, time, log);
        _timer = time.CreateTimer(_ => EndWindow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes an answer: one of 401 to somebody who has brought credentials, or of 403.</summary>
    public void Note(HttpContext http, XrmException refusal)
    {
        if (refusal.Status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)) return;
        // A stranger without anything is asked to sign in. That is no attempt.
        if (refusal.Code == "not_signed_in" && CredentialHandler.SecretOf(http.Request) is null) return;
        var who = http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "a stranger";
        if (!HasLine(who)) return;
        // Whoever answers for an exception begins anew, without the route.
        var failure = http.Features.Get<IExceptionHandlerFeature>();
        var route = ((failure?.Endpoint ?? http.GetEndpoint()) as RouteEndpoint)?.RoutePattern.RawText;
        var method = http.Request.Method.Length <= LongestMethod ? http.Request.Method : "?";
        _log.LogWarning(Refused, "{Who} was refused {Method} {Route} with {Status} {Code}; entity {Entity}, address {Address}",
            who, method, route ?? "-", refusal.Status, refusal.Code, EntityOf(failure?.RouteValues ?? http.Request.RouteValues) ?? "-", ClientAddress.Of(http)?.ToString() ?? "-");
    }

    public void Dispose()
    {
        _timer.Dispose();
        EndWindow();
    }

    private bool HasLine(string who)
    {
        lock (_lock)
        {
            if (_time.GetUtcNow() is var now && now >= _end)
            {
                EndWindow();
                _end = now + Window;
            }
            var count = _counts[who] = _counts.GetValueOrDefault(who) + 1;
            if (count == MostLines + 1) _timer.Change(Window, Timeout.InfiniteTimeSpan);
            return count <= MostLines;
        }
    }

    private void EndWindow()
    {
        lock (_lock)
        {
            foreach (var (who, count) in _counts)
                if (count > MostLines) _log.LogWarning(MoreRefused, "{Who} was refused {Count} more times within a minute", who, count - MostLines);
            _counts.Clear();
        }
    }

    private string? EntityOf(RouteValueDictionary? values) => values?.GetValueOrDefault("collection") is string collection ? _current.Value.Model.FindCollection(collection)?.Name : null;
}
