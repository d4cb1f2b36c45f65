using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Xrm.Server.Hosting;

/// <summary>
/// The one place through which all goes that is logged, by us and by the framework, at every level: what looks like a secret, or like a value that somebody searches for, is taken out of it. Nothing logs secrets
/// knowingly; this is for what arrives inside of other texts, such as messages of errors.
/// </summary>
internal static partial class LogRedaction
{
    private const string Mask = "***";

    /// <summary>Puts itself before all loggers.</summary>
    public static IServiceCollection AddLogRedaction(this IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new RedactedLoggers(new LoggerFactory(
        provider.GetServices<ILoggerProvider>(), provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(), provider.GetRequiredService<IOptions<LoggerFactoryOptions>>()))));

    /// <summary>The text without what looks like a secret; the same object where there is none.</summary>
    public static string Clean(string text) => Secret().Replace(text, match => match.Groups["name"].Value + Mask);

    // Access tokens; tokens of others (JWT); what stands in headers, cookies, links, addresses, forms, JSON and connection strings under a name that tells.
    // What is searched for in an address is a value of records as often as not.
    [GeneratedRegex("""
        xrm_[A-Za-z0-9_-]{40,}
        | eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*
        | (?<name>(Bearer|Basic)[ ]+)[A-Za-z0-9._~+/=-]{8,}
        | (?<name>xrm_(session|pending|challenge|provider)=)[^;,\s"]+
        | (?<name>/(invitation|new-password|email)\#)[A-Za-z0-9_-]+
        | (?<name>[?&](code|state|nonce|(\$|%24)?(filter|search|compute|apply)|q)=)[^&\s"]+
        | (?<name>(password|passwd|pwd|secret|authorization|api[_-]?key|(access|refresh|id)_?token|code_verifier|recovery_?code)"?\s*[=:]\s*)((Bearer|Basic)[ ]+)?("([^"\\]|\\.)*"|'[^']*'|[^\s;,&"]+)
        """, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    private sealed class RedactedLoggers(LoggerFactory inner) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new RedactedLogger(inner.CreateLogger(categoryName));

        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public void Dispose() => inner.Dispose();
    }

    private sealed class RedactedLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            var (text, error) = (formatter(state, exception), exception?.ToString());
            var (clean, cleanError) = (Clean(text), error is null ? null : Clean(error));
            // The parts of which a text is made, and the exception itself, would bring the secret along.
            if (ReferenceEquals(text, clean) && ReferenceEquals(error, cleanError)) inner.Log(logLevel, eventId, state, exception, formatter);
            else inner.Log(logLevel, eventId, cleanError is null ? clean : $"{clean}\n{cleanError}", null, (whole, _) => whole);
        }
    }
}
