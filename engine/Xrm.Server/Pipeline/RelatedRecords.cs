using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>
/// Other records that the formulas of a save ask for. Formulas are evaluated without waiting: what is not here yet is noted,
/// loaded in one go, and the formulas run again.
/// </summary>
internal sealed class RelatedRecords(RecordTransaction records)
{
    private readonly Dictionary<(Entity, Guid), RecordValues?> _known = [];
    private readonly Dictionary<(Field, Guid), long> _counts = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _locked = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _missing = [];
    private readonly HashSet<(Field Field, Guid Id)> _uncounted = [];

    /// <summary>Tells of a record that this transaction is about to write.</summary>
    public void Put(Entity entity, Guid id, RecordValues? values) => _known[(entity, id)] = values;

    /// <summary>True where the record was told of, locked or loaded, and is there.</summary>
    public bool Knows(Entity entity, Guid id) => _known.TryGetValue((entity, id), out var values) ? values is not null : _locked.Contains((entity, id));

    /// <summary>Tells of records that cannot be deleted until this transaction ends.</summary>
    public void Lock(Entity entity, IEnumerable<Guid> ids) => _locked.UnionWith(ids.Select(id => (entity, id)));

    /// <summary>The record; null where it is not there, or not here yet.</summary>
    public RecordValues? Find(Entity entity, Guid id)
    {
        if (_known.TryGetValue((entity, id), out var values)) return values;
        _missing.Add((entity, id));
        return null;
    }

    /// <summary>How many records point to a record; 0 where that is not here yet.</summary>
    public long Count(Field field, Guid id)
    {
        if (_counts.TryGetValue((field, id), out var count)) return count;
        _uncounted.Add((field, id));
        return 0;
    }

    /// <summary>Evaluates until nothing is missing.</summary>
    public async Task<T> WithAsync<T>(Func<T> evaluate, CancellationToken ct)
    {
        while (true)
        {
            var result = evaluate();
            if (_missing.Count == 0 && _uncounted.Count == 0) return result;
            await LoadAsync(ct);
        }
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        foreach (var group in _missing.GroupBy(pair => pair.Entity, pair => pair.Id).ToList())
        {
            foreach (var id in group) _known[(group.Key, id)] = null;
            foreach (var found in await RecordLoader.LoadAsync(records, group.Key, [.. group], ct)) _known[(group.Key, found.Id)] = found;
        }
        _missing.Clear();
        foreach (var (field, id) in _uncounted)
            _counts[(field, id)] = await RecordLoader.CountPointingAsync(records, field.Via!, field.Entity, id, ct);
        _uncounted.Clear();
    }
}
