using System.Globalization;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Data.Records;
using Xrm.Server.Commands;
using Xrm.Server.Security;

namespace Xrm.Server.Hosting;

/// <summary>The limits that an installation can choose, read from the environment. <c>docs/reference/limits.md</c> lists them.</summary>
internal static class Limits
{
    private const int LongestSeconds = 24 * 60 * 60;
    private const int MostDays = 36_500;
    private const int MostHours = 24 * 365;

    /// <summary>How long statements may take: <c>XRM_STATEMENT_SECONDS_PEOPLE</c>, <c>_SERVICES</c>, <c>_ADMINISTRATORS</c>, <c>_BACKGROUND</c>.</summary>
    /// <exception cref="CommandFailedException">One of them is no number of seconds.</exception>
    public static StatementLimits Statements(IConfiguration configuration)
    {
        var usual = new StatementLimits();
        return new StatementLimits
        {
            People = Seconds(configuration, "XRM_STATEMENT_SECONDS_PEOPLE", usual.People),
            Services = Seconds(configuration, "XRM_STATEMENT_SECONDS_SERVICES", usual.Services),
            Administrators = Seconds(configuration, "XRM_STATEMENT_SECONDS_ADMINISTRATORS", usual.Administrators),
            Background = Seconds(configuration, "XRM_STATEMENT_SECONDS_BACKGROUND", usual.Background),
        };
    }

    /// <summary>How many requests may come in a minute: <c>XRM_REQUESTS_PER_MINUTE_STRANGERS</c>, <c>_CALLERS</c>, <c>_TOKENS</c>.</summary>
    /// <exception cref="CommandFailedException">One of them is no number.</exception>
    public static RequestRateSettings Requests(IConfiguration configuration) => new(
        Number(configuration, "XRM_REQUESTS_PER_MINUTE_STRANGERS", 600, int.MaxValue),
        Number(configuration, "XRM_REQUESTS_PER_MINUTE_CALLERS", 0, int.MaxValue),
        Number(configuration, "XRM_REQUESTS_PER_MINUTE_TOKENS", 0, int.MaxValue));

    /// <summary>For how many days browsers are told to speak with the server by https alone: <c>XRM_HSTS_DAYS</c>; 0 takes it back.</summary>
    /// <exception cref="CommandFailedException">It is no number of days.</exception>
    public static int HstsDays(IConfiguration configuration) => Number(configuration, "XRM_HSTS_DAYS", 365, MostDays);

    /// <summary>For how many days things are kept: <c>XRM_KEEP_DAYS_DELIVERIES</c>, <c>_MAILS</c>, <c>_FAILURES</c>, <c>_RECYCLE_BIN</c>.</summary>
    /// <exception cref="CommandFailedException">One of them is no number of days.</exception>
    public static Retention Kept(IConfiguration configuration) => new(
        Days(configuration, "XRM_KEEP_DAYS_DELIVERIES", 30), Days(configuration, "XRM_KEEP_DAYS_MAILS", 30),
        Days(configuration, "XRM_KEEP_DAYS_FAILURES", 90), Days(configuration, "XRM_KEEP_DAYS_RECYCLE_BIN", 30));

    /// <summary>How long sessions of browsers last: <c>XRM_SESSION_HOURS</c> at most, <c>XRM_SESSION_IDLE_HOURS</c> without a request.</summary>
    /// <exception cref="CommandFailedException">One of them is no number of hours.</exception>
    public static SessionLimits Sessions(IConfiguration configuration)
    {
        var usual = new SessionLimits();
        return new SessionLimits { Longest = Hours(configuration, "XRM_SESSION_HOURS", usual.Longest), Idle = Hours(configuration, "XRM_SESSION_IDLE_HOURS", usual.Idle) };
    }

    /// <summary>How many minutes ago somebody may have signed in who does what a stolen session must not do: <c>XRM_FRESH_SIGN_IN_MINUTES</c>; 0 for as long as the session lasts.</summary>
    /// <exception cref="CommandFailedException">It is no number of minutes.</exception>
    public static FreshSignIn FreshSignIn(IConfiguration configuration) =>
        new(Number(configuration, "XRM_FRESH_SIGN_IN_MINUTES", 0, MostHours * 60) is var minutes and > 0 ? TimeSpan.FromMinutes(minutes) : null);

    /// <summary>How long one-time passwords are good: <c>XRM_ONE_TIME_PASSWORD_HOURS</c>.</summary>
    /// <exception cref="CommandFailedException">It is no number of hours.</exception>
    public static OneTimePasswords OneTimePasswords(IConfiguration configuration) => new(Hours(configuration, "XRM_ONE_TIME_PASSWORD_HOURS", TimeSpan.FromHours(72)));

    /// <summary>How much one person may have uploaded that no record holds yet: <c>XRM_WAITING_UPLOADS_FILES</c> and <c>XRM_WAITING_UPLOADS_MB</c>; 0 is no limit.</summary>
    /// <exception cref="CommandFailedException">One of them is no number.</exception>
    public static WaitingUploads Uploads(IConfiguration configuration) => new(
        Number(configuration, "XRM_WAITING_UPLOADS_FILES", 1_000, int.MaxValue), Number(configuration, "XRM_WAITING_UPLOADS_MB", 1_024, 1024 * 1024) * 1024L * 1024);

    private static TimeSpan Hours(IConfiguration configuration, string name, TimeSpan usual) =>
        Number(configuration, name, (int)usual.TotalHours, MostHours) is var hours and > 0 ? TimeSpan.FromHours(hours) : throw new CommandFailedException(ExitCodes.Usage, $"{name} must be at least 1.");

    private static TimeSpan Days(IConfiguration configuration, string name, int usual) => TimeSpan.FromDays(Number(configuration, name, usual, MostDays));

    private static TimeSpan Seconds(IConfiguration configuration, string name, TimeSpan usual) =>
        TimeSpan.FromSeconds(Number(configuration, name, (int)usual.TotalSeconds, LongestSeconds));

    private static int Number(IConfiguration configuration, string name, int usual, int most)
    {
        if (configuration[name] is not { Length: > 0 } written) return usual;
        return int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : throw new CommandFailedException(ExitCodes.Usage, $"{name} is '{written}'; it must be a whole number of 0 to {most}.");
    }
}
