using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>
/// Other records that the formulas of a save ask for. Formulas are evaluated without waiting: what is not here yet is noted,
/// loaded in one go, and the formulas run again.
/// </summary>
/// <param name="records">The transaction.</param>
/// <param name="caller">Who saves: rollups that are computed may ask for the user.</param>
/// <param name="utcNow">The time of the save.</param>
internal sealed class RelatedRecords(RecordTransaction records, Caller caller, DateTime utcNow)
{
    private readonly Dictionary<(Entity, Guid), RecordValues?> _known = [];
    private readonly Dictionary<(Field, Guid), long> _counts = [];
    private readonly Dictionary<(Field, Column, Guid), object?> _rollups = [];
    private readonly Dictionary<Entity, RecordValues?> _settings = [];
    private readonly HashSet<Entity> _unread = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _locked = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _absent = [];
    private readonly Dictionary<Entity, HashSet<Guid>> _expected = [];
    private readonly HashSet<(Entity Entity, Guid Id)> _missing = [];
    private readonly HashSet<(Field Field, Guid Id)> _uncounted = [];
    private readonly HashSet<(Field Field, Column Column, Guid Id)> _unrolled = [];

    /// <summary>The model in force.</summary>
    public PublishedModel Published => records.Published;

    /// <summary>Who asks.</summary>
    public Caller Caller => caller;

    /// <summary>When, in UTC.</summary>
    public DateTime UtcNow => utcNow;

    /// <summary>Tells of a record that this transaction is about to write.</summary>
    public void Put(Entity entity, Guid id, RecordValues? values)
    {
        _known[(entity, id)] = values;
        _settings.Remove(entity);
        // Any of them may count the record.
        _rollups.Clear();
    }

    /// <summary>Forgets a record that somebody else has changed in this transaction: it is loaded anew when it is asked for.</summary>
    public void Forget(Entity entity, Guid id)
    {
        _known.Remove((entity, id));
        _settings.Remove(entity);
        _absent.Remove((entity, id));
        _locked.Remove((entity, id));
    }

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

    /// <summary>The one record of an entity of settings; null where it is not here yet.</summary>
    public RecordValues? Settings(Entity entity)
    {
        if (_settings.TryGetValue(entity, out var values)) return values;
        _unread.Add(entity);
        return null;
    }

    /// <summary>How many records point to a record; 0 where that is not here yet.</summary>
    public long Count(Field field, Guid id)
    {
        if (_counts.TryGetValue((field, id), out var count)) return count;
        _uncounted.Add((field, id));
        return 0;
    }

    /// <summary>A rollup of a record that is computed when it is read; null where that is not here yet.</summary>
    public object? Rollup(Field field, Column column, Guid id)
    {
        if (_rollups.TryGetValue((field, column, id), out var value)) return value;
        _unrolled.Add((field, column, id));
        return null;
    }

    /// <summary>Evaluates until nothing is missing.</summary>
    public async Task<T> WithAsync<T>(Func<T> evaluate, CancellationToken ct)
    {
        while (true)
        {
            var result = evaluate();
            if (_missing.Count == 0 && _unread.Count == 0 && _uncounted.Count == 0 && _unrolled.Count == 0) return result;
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
        foreach (var entity in _unread) _settings[entity] = await RecordLoader.SettingsAsync(records, entity, ct);
        _unread.Clear();
        foreach (var (field, id) in _uncounted)
            _counts[(field, id)] = await RecordLoader.CountPointingAsync(records, field.Via!, field.Entity, id, ct);
        _uncounted.Clear();
        await LoadRollupsAsync(ct);
    }

    private async Task LoadRollupsAsync(CancellationToken ct)
    {
        var context = new QueryContext(records.Published, caller, utcNow);
        foreach (var group in _unrolled.GroupBy(each => (each.Field, each.Column), each => each.Id).ToList())
        {
            var values = await RollupValues.ReadAsync(records, context, group.Key.Field, group.Key.Column, [.. group], ct);
            foreach (var id in group)
                _rollups[(group.Key.Field, group.Key.Column, id)] = values.TryGetValue(id, out var value) ? value : RollupValues.OfNothing(group.Key.Field.Rollup!, group.Key.Column, records.Published.Model.Currencies?.Base);
        }
        _unrolled.Clear();
    }
}
