using Xrm.Data;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Organisations;

/// <summary>Listens to other processes, for all organisations of this one.</summary>
internal sealed class AnnouncementService(Announcements announcements, TimeProvider time, ILogger<AnnouncementService> log) : BackgroundLoop(time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await announcements.RunAsync(ct);
        return false;
    }
}

/// <summary>Follows what happens to organisations: opens those that have work to do here, and closes those that are suspended or gone.</summary>
internal sealed class OrganisationWatch(OrganisationDirectory directory, OrganisationHosts hosts, Announcements announcements, TimeProvider time, ILogger<OrganisationWatch> log) : BackgroundLoop(time, log)
{
    // Announcements can be lost with their connection.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    protected override TimeSpan IdlePause => TimeSpan.FromMilliseconds(1);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var next = announcements.NextOf(Database.Catalogue);
        await directory.LoadAsync(ct);
        await hosts.FollowAsync(ct);
        await next.WaitAsync(LongestSilence, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // While all that they share with the home organisation is still there.
        await hosts.DisposeAsync();
    }
}

/// <summary>Drops organisations whose time has come, and what is left of those whose making was broken off.</summary>
internal sealed class OrganisationCleanUp(OrganisationChanges changes, TimeProvider time, ILogger<OrganisationCleanUp> log) : BackgroundLoop(time, log)
{
    protected override TimeSpan IdlePause => TimeSpan.FromMinutes(1);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await changes.CleanUpAsync(ct);
        return false;
    }
}
