using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Hosting;

/// <summary>How often a stranger may try.</summary>
internal static class RateLimits
{
    /// <summary>Policy for passwords: 20 tries a minute and address.</summary>
    public const string SignIn = "sign-in";

    private const int MostTries = 20;

    public static IServiceCollection AddXrmRateLimits(this IServiceCollection services) => services.AddSingleton(provider => Limits.Requests(provider.GetRequiredService<IConfiguration>())).AddSingleton<RequestRates>().AddRateLimiter(options =>
    {
        options.AddPolicy(SignIn, http => RateLimitPartition.GetFixedWindowLimiter(
            RequestRates.AddressOf(http),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = MostTries, Window = TimeSpan.FromMinutes(1) }));
        options.OnRejected = AnswerAsync;
    });

    private static async ValueTask AnswerAsync(OnRejectedContext rejected, CancellationToken ct)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        await ProblemAnswers.WriteAsync(rejected.HttpContext, new XrmException("rate_limited", 429, $"Too many tries: {MostTries} within a minute are the limit. Wait {Math.Ceiling(wait.TotalSeconds)} s, then try again.") { RetryAfter = wait }, ct);
    }
}
