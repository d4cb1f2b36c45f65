using Xrm.Data.Catalogue;
using Xrm.Data.Changes;
using Xrm.Data.Jobs;
using Xrm.Data.Outbox;
using Xrm.Data.Privacy;
using Xrm.Data.Records;
using Xrm.Server.Features.Data;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Hosting;

/// <summary>How long some things are kept; zero for ever.</summary>
/// <param name="Deliveries">Events that their receivers have taken.</param>
/// <param name="Mails">Mails that were sent.</param>
/// <param name="Failures">Deliveries and mails that were given up.</param>
/// <param name="RecycleBin">Deleted records.</param>
internal sealed record Retention(TimeSpan Deliveries, TimeSpan Mails, TimeSpan Failures, TimeSpan RecycleBin);

/// <summary>What is removed after a while.</summary>
internal static class CleanUps
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IServiceCollection AddCleanUps(this IServiceCollection services)
    {
        services.AddSingleton(provider => Limits.Kept(provider.GetRequiredService<IConfiguration>()));
        // Requests that nobody will send again.
        services.AddOld<AnsweredRequests>("answered requests", _ => Day, requests => requests.ForgetAsync);
        // Forms that were never saved.
        services.AddOld<FileStore>("uploads that no record holds", _ => Day, files => files.RemoveUnattachedAsync);
        // How long somebody may stay away and still learn what changed.
        services.AddOld<ChangeReader>("changes", _ => 7 * Day, changes => changes.ForgetAsync);
        services.AddOld<JobStore>("jobs", _ => 30 * Day, jobs => jobs.ForgetAsync);
        // Beyond its own time each is gone for whoever asks; the day is for clocks that differ.
        services.AddOld<JobRecords>("exports of people", _ => Day, exports => exports.ForgetAsync);
        services.AddOld<DeliveryStore>("deliveries", kept => kept.Deliveries, deliveries => deliveries.ForgetDoneAsync);
        services.AddOld<DeliveryStore>("deliveries that were given up", kept => kept.Failures, deliveries => deliveries.ForgetDeadAsync);
        services.AddOld<MailStore>("mails", kept => kept.Mails, mails => mails.ForgetSentAsync);
        services.AddOld<MailStore>("mails that were given up", kept => kept.Failures, mails => mails.ForgetDeadAsync);
        // Sessions and links that have ended by themselves, and codes that would not be good any more.
        services.AddOld<SessionStore>("sessions", _ => Day, sessions => sessions.ForgetAsync);
        services.AddOld<TicketStore>("one-time links", _ => Day, tickets => tickets.ForgetAsync);
        services.AddOld<AuthenticatorStore>("codes of authenticators", _ => Day, codes => codes.ForgetAsync);
        services.AddSingleton<ICleanUp, RecycleBinPurge>();
        return services.AddHostedService<CleanUp>();
    }

    private static void AddOld<TStore>(this IServiceCollection services, string what, Func<Retention, TimeSpan> kept, Func<TStore, Func<DateTime, int, CancellationToken, Task<int>>> forget) where TStore : class =>
        services.AddSingleton<ICleanUp>(provider => new OldRows(what, kept(provider.GetRequiredService<Retention>()), forget(provider.GetRequiredService<TStore>()), provider.GetRequiredService<TimeProvider>()));
}
