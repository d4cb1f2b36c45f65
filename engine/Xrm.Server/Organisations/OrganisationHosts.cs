using System.Collections.Concurrent;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Server.Security;

namespace Xrm.Server.Organisations;

/// <summary>The organisations that are open in this process, besides the home organisation. Each is opened when it is first needed.</summary>
/// <param name="home">Services of the home organisation.</param>
/// <param name="directory">The organisations that there are.</param>
/// <param name="log">Tells of those that cannot be opened or closed.</param>
internal sealed class OrganisationHosts(IServiceProvider home, OrganisationDirectory directory, ILogger<OrganisationHosts> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Opening> _open = new(StringComparer.Ordinal);

    /// <summary>An organisation, opened where it is not open in its present state.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">503: the database cannot be reached; 500: its model does not compile.</exception>
    public async Task<OrganisationHost> OpenAsync(Organisation organisation, CancellationToken ct)
    {
        var isActive = organisation.State == OrganisationState.Active;
        while (true)
        {
            var opening = _open.GetOrAdd(organisation.Name, name => new Opening(isActive, () => OrganisationHost.StartAsync(home, new ServedOrganisation(name, isActive), CancellationToken.None)));
            if (opening.IsActive != isActive)
            {
                await CloseAsync(organisation.Name, opening);
                continue;
            }
            try
            {
                return await opening.Host.Value.WaitAsync(ct);
            }
            catch (Exception) when (opening.Host.Value.IsFaulted)
            {
                // The next one tries again.
                _open.TryRemove(KeyValuePair.Create(organisation.Name, opening));
                throw;
            }
        }
    }

    /// <summary>True where there is an organisation of that name that people can enter.</summary>
    public bool Knows(string name) => name == Database.Home || directory.Find(name) is not null;

    /// <summary>The audit of an organisation.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">404: there is no such organisation.</exception>
    public Task<AuditLog> AuditOfAsync(string name, CancellationToken ct) => ServiceOfAsync<AuditLog>(name, ct);

    /// <summary>A service of an organisation, for what is done to it from outside.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="name">Name of the organisation.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="Xrm.Data.Errors.XrmException">404: there is no such organisation.</exception>
    public async Task<T> ServiceOfAsync<T>(string name, CancellationToken ct) where T : notnull
    {
        if (name == Database.Home) return home.GetRequiredService<T>();
        if (directory.Find(name) is null) await directory.LoadAsync(ct);
        var organisation = directory.Find(name) ?? throw EntryOrganisation.Unknown(name);
        return (await OpenAsync(organisation, ct)).Services.GetRequiredService<T>();
    }

    /// <summary>Closes what is open and should not be, or not in that state; opens, one after the other, what has work to do.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        foreach (var (name, opening) in _open)
            if (directory.Find(name) is not { } organisation || (organisation.State == OrganisationState.Active) != opening.IsActive) await CloseAsync(name, opening);
        if (home.GetService<WorksInBackground>() is null) return;
        await StartedAsync(ct);
        foreach (var organisation in directory.Open.Where(organisation => organisation.Name != Database.Home && organisation.State == OrganisationState.Active))
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                await OpenAsync(organisation, ct);
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                // One that is broken keeps no other from working.
                log.LogError(exception, "The organisation {Organisation} cannot be opened.", organisation.Name);
            }
        }
    }

    /// <summary>Closes an organisation in this process, if it is open.</summary>
    public async Task CloseAsync(string name)
    {
        if (_open.TryGetValue(name, out var opening)) await CloseAsync(name, opening);
    }

    /// <summary>Closes all.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_open.Select(open => CloseAsync(open.Key, open.Value)));

    /// <summary>Whoever waits for the start of the server waits for no other organisation.</summary>
    private async Task StartedAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = home.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(ct);
    }

    private async Task CloseAsync(string name, Opening opening)
    {
        if (!_open.TryRemove(KeyValuePair.Create(name, opening))) return;
        try
        {
            await (await opening.Host.Value).DisposeAsync();
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "The organisation {Organisation} did not close as it should.", name);
        }
    }

    private sealed record Opening(bool IsActive, Lazy<Task<OrganisationHost>> Host)
    {
        public Opening(bool isActive, Func<Task<OrganisationHost>> start) : this(isActive, new Lazy<Task<OrganisationHost>>(() => Task.Run(start)))
        {
        }
    }
}
