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
    private readonly HashSet<(Entity Entity, Guid Id)> _absent = [];
    private readonly Dictionary<Entity, HashSet<Guid>> _expected = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _missing = [];
    private readonly HashSet<(Field Field, Guid Id)> _uncounted = [];

    /// <summary>Tells of a record that this transaction is about to write.</summary>
    public void Put(Entity entity, Guid id, RecordValues? values) => _known[(entity, id)] = values;

    /// <summary>True where the record was told of, locked or loaded, and is there.</summary>
    public bool Knows(Entity entity, Guid id) => _known.TryGetValue((entity, id), out var values) ? values is not null : _locked.Contains((entity, id));

    /// <summary>Makes sure that those of the records that are there cannot be deleted until this transaction ends; <see cref="Knows"/> tells which they are.</summary>
    public async Task LockAsync(Entity entity, IEnumerable<Guid> ids, CancellationToken ct)
    {
        var unknown = ids.Where(id => !Knows(entity, id) && !_absent.Contains((entity, id))).ToHashSet();
        if (unknown.Count == 0) return;
        var existing = await RecordLoader.ExistingAsync(records, entity, unknown, ct);
        foreach (var id in unknown) (existing.Contains(id) ? _locked : _absent).Add((entity, id));
    }

    /// <summary>Tells of records that many formulas may ask for: with the first of them all are loaded.</summary>
    public void Expect(Entity entity, IEnumerable<Guid> ids)
    {
        if (!_expected.TryGetValue(entity, out var expected)) _expected[entity] = expected = [];
        expected.UnionWith(ids);
    }

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
            var wanted = group.ToHashSet();
            if (_expected.Remove(group.Key, out var expected)) wanted.UnionWith(expected.Where(id => !_known.ContainsKey((group.Key, id))));
            foreach (var id in wanted) _known[(group.Key, id)] = null;
            foreach (var found in await RecordLoader.LoadAsync(records, group.Key, wanted, ct)) _known[(group.Key, found.Id)] = found;
        }
        _missing.Clear();
        foreach (var (field, id) in _uncounted)
            _counts[(field, id)] = await RecordLoader.CountPointingAsync(records, field.Via!, field.Entity, id, ct);
        _uncounted.Clear();
    }
}
