using System.Collections.Frozen;
using Xrm.Data;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Organisations;

/// <summary>The organisations that there are, as this process knows them: one reference, swapped when they change.</summary>
internal sealed class OrganisationDirectory(OrganisationStore store)
{
    private Known _known = Known.Of([]);

    /// <summary>There are others besides the home organisation.</summary>
    public bool HasOthers => Volatile.Read(ref _known).HasOthers;

    /// <summary>The organisations that people can enter.</summary>
    public IEnumerable<Organisation> Open => Volatile.Read(ref _known).ByName.Values;

    /// <summary>The organisation of that name that people can enter; null for none.</summary>
    public Organisation? Find(string name) => Volatile.Read(ref _known).ByName.GetValueOrDefault(name);

    /// <summary>Name of the organisation that a host stands for; null for none.</summary>
    public string? OfHost(string host) => Volatile.Read(ref _known).ByHost.GetValueOrDefault(host);

    /// <summary>Reads them anew.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task LoadAsync(CancellationToken ct) => Volatile.Write(ref _known, Known.Of(await store.ListAsync(ct)));

    private sealed record Known(FrozenDictionary<string, Organisation> ByName, FrozenDictionary<string, string> ByHost, bool HasOthers)
    {
        public static Known Of(IEnumerable<Organisation> all)
        {
            var open = all.Where(organisation => organisation.IsOpen).ToList();
            return new Known(
                open.ToFrozenDictionary(organisation => organisation.Name, StringComparer.Ordinal),
                open.SelectMany(organisation => organisation.HostNames.Select(host => (host, organisation.Name))).DistinctBy(pair => pair.host).ToFrozenDictionary(pair => pair.host, pair => pair.Name, StringComparer.OrdinalIgnoreCase),
                open.Any(organisation => organisation.Name != Database.Home));
        }
    }
}
