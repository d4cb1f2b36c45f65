using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Metadata.Source;
using Xrm.Server.Features.Publish;
using Xrm.Server.Hosting;

namespace Xrm.Server.Organisations;

/// <summary>An organisation that somebody wants.</summary>
/// <param name="Organisation">Its names.</param>
/// <param name="Packages">What it begins with, those first on which others depend; empty for nothing.</param>
/// <param name="Administrator">Id of the user who administers it.</param>
/// <param name="Actor">Id of who wants it.</param>
/// <param name="Source">Through what it is wanted, one of <see cref="AuditSources"/>.</param>
/// <param name="Address">IP address of the client; null where nobody asked over the network.</param>
internal sealed record WantedOrganisation(NewOrganisation Organisation, ImmutableArray<PackageFiles> Packages, Guid Administrator, Guid Actor, string Source, string? Address);

/// <summary>Makes organisations, in the background of this process. Where it fails nothing is left but the reason.</summary>
internal sealed class OrganisationCreation(
    IServiceProvider home, OrganisationStore store, OrganisationRemoval removal, MemberStore members, OrganisationChanges changes) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins to make an organisation; <see cref="Organisation.State"/> and <see cref="Organisation.Progress"/> tell how far it is.</summary>
    /// <returns>Ends when it is made, or nothing is left of it; never fails.</returns>
    /// <exception cref="XrmException">409: the name or one of the hosts is taken.</exception>
    public async Task<Task> BeginAsync(WantedOrganisation wanted, CancellationToken ct)
    {
        var name = wanted.Organisation.Name;
        var held = await removal.TryLockAsync(name, ct) ?? throw Taken(name);
        try
        {
            if (!await store.ReserveAsync(wanted.Organisation, ct)) throw Taken(name);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
        lock (_gate)
        {
            var making = Task.Run(() => MakeAsync(wanted, held, _stopping.Token), CancellationToken.None);
            _running = Task.WhenAll(_running, making);
            return making;
        }
    }

    /// <summary>Breaks off what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task running;
        lock (_gate) running = _running;
        await running;
        _stopping.Dispose();
    }

    private static XrmException Taken(string name) => new("organisation_taken", 409, $"There already is an organisation {name}, or one that has one of these hosts.");

    private async Task MakeAsync(WantedOrganisation wanted, IAsyncDisposable held, CancellationToken ct)
    {
        await using var _ = held;
        var name = wanted.Organisation.Name;
        try
        {
            await FillAsync(wanted, ct);
            await store.MoveAsync(name, OrganisationState.Creating, OrganisationState.Active, null, ct);
            await changes.ChangedAsync(ct);
        }
        catch (Exception exception)
        {
            await UndoAsync(wanted, exception);
        }
    }

    private async Task FillAsync(WantedOrganisation wanted, CancellationToken ct)
    {
        var name = wanted.Organisation.Name;
        var told = Task.CompletedTask;
        await using var services = new ServiceCollection().AddOrganisation(home, new ServedOrganisation(name, IsActive: false)).BuildServiceProvider();
        await members.AddAsync(name, wanted.Administrator, isAdministrator: true, ct);
        await services.GetRequiredService<Startup>().FillAsync(wanted.Packages, Say, ct);
        var details = JsonSerializer.Serialize(new { organisation = name, action = "created", packages = wanted.Packages.Select(package => package.Name) }, ApiJson.Options);
        var at = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        await services.GetRequiredService<AuditLog>().NoteAsync(new AuditEvent(at, AuditOperations.OrganisationChanged, wanted.Actor, wanted.Source, wanted.Address, details), ct);
        await told;

        void Say(string line) => told = TellAsync(told, line);

        async Task TellAsync(Task before, string line)
        {
            await before;
            await store.ProgressAsync(name, line, ct);
        }
    }

    private async Task UndoAsync(WantedOrganisation wanted, Exception failure)
    {
        var (name, log) = (wanted.Organisation.Name, home.GetRequiredService<ILogger<OrganisationCreation>>());
        log.LogWarning(failure, "The organisation {Organisation} could not be made.", name);
        try
        {
            await removal.DropSchemaAsync(name, CancellationToken.None);
            await members.RemoveAsync(name, wanted.Administrator, CancellationToken.None);
            await store.MoveAsync(name, OrganisationState.Creating, OrganisationState.Failed, ReasonOf(failure), CancellationToken.None);
            await changes.ChangedAsync(CancellationToken.None);
        }
        catch (XrmException away)
        {
            // What is left goes with the next clean-up, on whichever node it is.
            log.LogError(away, "What is left of the organisation {Organisation} could not be removed yet.", name);
        }
    }

    private static string ReasonOf(Exception failure) => failure switch
    {
        XrmException or PublishFailedException => failure.Message,
        OperationCanceledException => "The server was stopped while it made the organisation.",
        _ => "Something went wrong on the server; its log has the details.",
    };
}
