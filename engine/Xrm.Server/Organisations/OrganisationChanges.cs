using System.Globalization;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Commands;

namespace Xrm.Server.Organisations;

/// <summary>Suspends organisations, has them go on, and deletes them. Other nodes follow what is announced.</summary>
internal sealed class OrganisationChanges(
    OrganisationStore store, OrganisationRemoval removal, OrganisationDirectory directory, OrganisationHosts hosts, OrganisationNotices notices)
{
    /// <summary>Has nobody work in an organisation any more.</summary>
    /// <exception cref="XrmException">409: it is the home organisation, or not active.</exception>
    public async Task SuspendAsync(string name, CancellationToken ct)
    {
        RefuseHome(name);
        if (!await store.MoveAsync(name, OrganisationState.Active, OrganisationState.Suspended, null, ct)) throw await RefusalAsync(name, "Only an active organisation can be suspended.", ct);
        await ChangedAsync(ct);
        await hosts.CloseAsync(name);
    }

    /// <summary>Has people work in a suspended organisation again.</summary>
    /// <exception cref="XrmException">409: it is not suspended.</exception>
    public async Task ResumeAsync(string name, CancellationToken ct)
    {
        if (!await store.MoveAsync(name, OrganisationState.Suspended, OrganisationState.Active, null, ct)) throw await RefusalAsync(name, "Only a suspended organisation can be resumed.", ct);
        await ChangedAsync(ct);
    }

    /// <summary>Has a suspended organisation deleted after the time in which that can be taken back.</summary>
    /// <exception cref="XrmException">409: it is the home organisation, or not suspended.</exception>
    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        RefuseHome(name);
        if (await store.MoveAsync(name, OrganisationState.Failed, OrganisationState.Failed, null, ct)) await removal.ForgetAsync(name, ct);
        else if (!await store.DeleteLaterAsync(name, notices.Grace, ct)) throw await RefusalAsync(name, "Suspend the organisation first; then it can be deleted.", ct);
        await ChangedAsync(ct);
    }

    /// <summary>Takes a deletion back; the organisation stays suspended.</summary>
    /// <exception cref="XrmException">409: it is not being deleted.</exception>
    public async Task KeepAsync(string name, CancellationToken ct)
    {
        if (!await store.MoveAsync(name, OrganisationState.Deleting, OrganisationState.Suspended, null, ct)) throw await RefusalAsync(name, "This organisation is not being deleted.", ct);
        await ChangedAsync(ct);
    }

    /// <summary>Has this node, and the others, know what has changed.</summary>
    public async Task ChangedAsync(CancellationToken ct)
    {
        await directory.LoadAsync(ct);
        await notices.AnnounceAsync(ct);
    }

    /// <summary>Drops what is due. Only one node does; one that is broken off is taken up by another.</summary>
    public async Task CleanUpAsync(CancellationToken ct)
    {
        foreach (var (name, state) in await removal.DueAsync(ct))
        {
            // Whoever makes an organisation holds the lock of its name.
            await using var held = await removal.TryLockAsync(name, ct);
            if (held is null || (await store.FindAsync(name, ct))?.State != state) continue;
            await hosts.CloseAsync(name);
            await removal.DropSchemaAsync(name, ct);
            if (state == OrganisationState.Creating) await store.MoveAsync(name, state, OrganisationState.Failed, "The server was stopped while it made the organisation.", ct);
            else await removal.ForgetAsync(name, ct);
            await ChangedAsync(ct);
        }
    }

    private static void RefuseHome(string name)
    {
        if (name == Database.Home) throw new XrmException("home_organisation", 409, "The installation is administered from this organisation: it stays.");
    }

    private async Task<XrmException> RefusalAsync(string name, string message, CancellationToken ct) => await store.FindAsync(name, ct) is { } organisation
        ? new XrmException("organisation_state", 409, $"{message} This one is {organisation.State}.")
        : Security.EntryOrganisation.Unknown(name);
}

/// <summary>How long a deletion can be taken back, and who is told of changes.</summary>
internal sealed class OrganisationNotices(IConfiguration configuration, Announcements announcements)
{
    private const string Variable = "XRM_ORGANISATION_GRACE_HOURS";
    private const int UsualHours = 7 * 24;
    private const int MostHours = 365 * 24;

    /// <summary>Time between the wish to delete an organisation and its end.</summary>
    /// <exception cref="CommandFailedException">The setting is no number of hours.</exception>
    public TimeSpan Grace => configuration[Variable] is not { Length: > 0 } written ? TimeSpan.FromHours(UsualHours)
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours <= MostHours ? TimeSpan.FromHours(hours)
        : throw new CommandFailedException(ExitCodes.Usage, $"{Variable} is '{written}'; it must be a whole number of 0 to {MostHours}.");

    /// <summary>Tells all processes that the organisations have changed.</summary>
    public Task AnnounceAsync(CancellationToken ct) => announcements.OrganisationsChangedAsync(ct);
}
