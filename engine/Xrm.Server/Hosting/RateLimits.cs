using System.Globalization;
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

    public static IServiceCollection AddXrmRateLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.AddPolicy(SignIn, http => RateLimitPartition.GetFixedWindowLimiter(
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1) }));
        options.OnRejected = AnswerAsync;
    });

    private static async ValueTask AnswerAsync(OnRejectedContext rejected, CancellationToken ct)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await ProblemAnswers.WriteAsync(rejected.HttpContext, new XrmException("rate_limited", 429, $"Too many tries. Wait {seconds} s, then try again."), ct);
    }
}
