using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Hosting;

/// <summary>How many requests this node takes in a minute: from strangers by their address, from callers by their user and by each of their access tokens. Zero is no limit.</summary>
/// <param name="Strangers">Requests of an address that are not of anybody who is signed in.</param>
/// <param name="Callers">Requests of one user. Usually without a limit, for it costs every request some time.</param>
/// <param name="Tokens">Requests with one access token. Usually without a limit, for the same reason.</param>
internal sealed record RequestRateSettings(int Strangers, int Callers, int Tokens);

/// <summary>Refuses requests of those who send too many.</summary>
internal sealed class RequestRates(RequestRateSettings settings) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress>? _strangers = Limiter<IPAddress>(settings.Strangers);
    private readonly PartitionedRateLimiter<string>? _callers = Limiter<string>(settings.Callers);
    private readonly PartitionedRateLimiter<string>? _tokens = Limiter<string>(settings.Tokens);

    /// <summary>Callers have a limit.</summary>
    public bool LimitsCallers => _callers is not null || _tokens is not null;

    /// <summary>Where a client comes from; of IPv6 the network, of which one client may have all addresses.</summary>
    public static IPAddress AddressOf(HttpContext http)
    {
        if (ClientAddress.Of(http) is not { } address) return IPAddress.None;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Refuses strangers who send too many requests, whether they bring no secret or a wrong one. Comes behind authentication.</summary>
    public Task PassStrangersAsync(HttpContext http, RequestDelegate next) => http.User.Identity?.IsAuthenticated == true ? next(http)
        : Count(_strangers, AddressOf(http), settings.Strangers, "of your address, without a sign-in that is known,") is { } refusal
            ? ProblemAnswers.WriteAsync(http, refusal, http.RequestAborted) : next(http);

    /// <summary>Refuses callers who send too many requests. Comes behind authentication.</summary>
    public Task PassCallersAsync(HttpContext http, RequestDelegate next)
    {
        // The token first: one that runs wild must not use up what its user may do otherwise.
        var refusal = _tokens is not null && http.User.Identity?.IsAuthenticated == true && CredentialHandler.TokenOf(http.Request) is { } token
            ? Count(_tokens, Convert.ToHexString(Secrets.Hash(token)), settings.Tokens, "with this access token") : null;
        if (refusal is null && http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } user) refusal = Count(_callers, user, settings.Callers, "of yours");
        return refusal is null ? next(http) : ProblemAnswers.WriteAsync(http, refusal, http.RequestAborted);
    }

    public void Dispose()
    {
        _strangers?.Dispose();
        _callers?.Dispose();
        _tokens?.Dispose();
    }

    private static XrmException? Count<TKey>(PartitionedRateLimiter<TKey>? limiter, TKey key, int most, string whose)
    {
        using var lease = limiter?.AttemptAcquire(key);
        if (lease is null or { IsAcquired: true }) return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : Window;
        return new XrmException("rate_limited", 429, $"More than {most} requests {whose} came within a minute. Wait {Math.Ceiling(wait.TotalSeconds)} s, then go on.") { RetryAfter = wait };
    }

    private static PartitionedRateLimiter<TKey>? Limiter<TKey>(int most) where TKey : notnull => most == 0 ? null : PartitionedRateLimiter.Create<TKey, TKey>(
        key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window }));
}
