using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// Keeps rollups right: collects the records whose rollups a save touches, then computes them anew from their children, then
/// what depends on them, upwards.
/// </summary>
/// <param name="records">The transaction.</param>
/// <param name="utcNow">The time of the save.</param>
public sealed class Rollups(RecordTransaction records, DateTime utcNow)
{
    private readonly Dictionary<Rollup, HashSet<Guid>> _touched = [];
    private readonly HashSet<(Entity, Guid)> _done = [];
    private ILookup<Entity, Guid> _told = Enumerable.Empty<(Entity Entity, Guid Id)>().ToLookup(record => record.Entity, record => record.Id);

    /// <summary>The records whose rollups were computed.</summary>
    public IReadOnlySet<(Entity Entity, Guid Id)> Recomputed => _done;

    /// <summary>Notes what the change of one record touches.</summary>
    /// <param name="entity">Its entity.</param>
    /// <param name="before">Its values before; null where it is new.</param>
    /// <param name="after">Its values after; null where it is deleted.</param>
    public void Touch(Entity entity, RecordValues? before, RecordValues? after)
    {
        foreach (var rollup in entity.FeedsRollups)
        {
            if (before is not null && after is not null && !Matters(rollup, before, after)) continue;
            foreach (var values in new[] { before, after })
                if (values is not null && Parent(rollup, values) is { } parent) Add(rollup, parent);
        }
    }

    /// <summary>Whether stored values depend on a field of other records: formulas of the same record, or rollups above it.</summary>
    public bool Follow(Field field) =>
        records.Published.Formulas.StoredOf(field.Entity).Any(stored => Needs(stored, field)) || field.Entity.FeedsRollups.Any(rollup => DependsOn(rollup).Contains(field));

    /// <summary>Computes the formulas of records in which a field was changed by a statement, and notes what that touches.</summary>
    /// <param name="field">The field.</param>
    /// <param name="ids">The records, which this transaction has locked.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task ChangedAsync(Field field, List<Guid> ids, CancellationToken ct)
    {
        if (ids.Count > 0) await GoUpAsync(field.Entity, await RecomputeFormulasAsync(field.Entity, [field], ids, ct), ids, ct);
    }

    /// <summary>Computes all that was touched.</summary>
    /// <param name="told">Records of which an event will tell, with all that is computed here; of the others a change is noted.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task RecomputeAsync(IEnumerable<(Entity Entity, Guid Id)> told, CancellationToken ct)
    {
        if (_touched.Count == 0) return;
        _told = told.ToLookup(record => record.Entity, record => record.Id);
        while (_touched.Count > 0)
        {
            var round = _touched.OrderBy(pair => pair.Key.Field.Entity.Name, StringComparer.Ordinal).ToList();
            _touched.Clear();
            foreach (var group in round.GroupBy(pair => pair.Key.Field.Entity))
                await RecomputeAsync(group.Key, [.. group], ct);
        }
    }

    private async Task RecomputeAsync(Entity parent, IReadOnlyList<KeyValuePair<Rollup, HashSet<Guid>>> rollups, CancellationToken ct)
    {
        var all = rollups.SelectMany(pair => pair.Value).Distinct().Order().ToList();
        // A statement of its own: only the ones after it see what those have committed who held the lock before.
        await records.QueueAsync(WhereIds(new SqlBuilder().Text("select ").Name("id").Text(" from ").Name(records.Schema, parent.Plural).Text(" p where p."), all)
            .Text(" order by ").Name("id").Text(" for no key update"), ct, hasRows: true);
        foreach (var (rollup, ids) in rollups)
            await records.QueueAsync(Update(rollup, ids), ct);
        var changed = await RecomputeFormulasAsync(parent, [.. rollups.Select(pair => pair.Key.Field)], all, ct);
        foreach (var id in all) _done.Add((parent, id));
        await GoUpAsync(parent, changed, all, ct);
    }

    /// <summary>Computes the stored formulas that need changed fields; gives all fields that have changed then.</summary>
    private async Task<HashSet<Field>> RecomputeFormulasAsync(Entity entity, HashSet<Field> changed, List<Guid> ids, CancellationToken ct)
    {
        var formulas = new FormulaSql(records.Schema, records.Published, utcNow);
        // A statement for each: one that computed all of them at once would see the old values of those that others need.
        foreach (var field in records.Published.Formulas.StoredOf(entity).Where(field => changed.Any(needed => Needs(field, needed))))
        {
            changed.Add(field);
            await records.QueueAsync(formulas.Update(field, ids), ct);
        }
        return changed;
    }

    private bool Needs(Field computed, Field needed) => records.Published.Formulas[computed.Formula!].Fields.Contains(needed);

    private SqlBuilder Update(Rollup rollup, HashSet<Guid> ids)
    {
        var sql = new RollupSql(records.Schema, records.Published, utcNow);
        var told = _told[rollup.Field.Entity].Where(ids.Contains).ToList();
        return told.Count == ids.Count ? sql.Update(rollup, ids) : RecordLog.EndNoted(sql.Update(rollup, ids, RecordLog.BeginNoted()), records.Schema, rollup.Field, told);
    }

    private async Task GoUpAsync(Entity entity, HashSet<Field> changed, List<Guid> ids, CancellationToken ct)
    {
        foreach (var rollup in entity.FeedsRollups.Where(rollup => DependsOn(rollup).Any(changed.Contains)))
        {
            var via = rollup.Via;
            var sql = WhereIds(new SqlBuilder().Text("select distinct p.").Name(via.Columns[0].Name).Text(" from ").Name(records.Schema, entity.Plural).Text(" p where p."), ids)
                .Text(" and p.").Name(via.Columns[0].Name).Text(" is not null");
            if (via.IsPolymorphic) sql.Text(" and p.").Name(via.Columns[1].Name).Text(" = ").Value(rollup.Field.Entity.Name, ColumnType.Text);
            foreach (var id in await records.QueryAsync(sql, reader => reader.GetGuid(0), ct)) Add(rollup, id);
        }
    }

    private void Add(Rollup rollup, Guid parent)
    {
        if (!_touched.TryGetValue(rollup, out var ids)) _touched[rollup] = ids = [];
        ids.Add(parent);
    }

    private bool Matters(Rollup rollup, RecordValues before, RecordValues after) =>
        DependsOn(rollup).Append(rollup.Via).SelectMany(field => field.Columns).Any(column => !RecordValues.Same(before.Get(column.Name), after.Get(column.Name)));

    private ImmutableArray<Field> DependsOn(Rollup rollup)
    {
        ImmutableArray<Field> fields = rollup.Where is { } where ? records.Published.Formulas[where].Fields : [];
        return fields.AddRange(rollup.Reads);
    }

    private static Guid? Parent(Rollup rollup, RecordValues values)
    {
        if (rollup.Via.IsPolymorphic && (string?)values.Get(rollup.Via.Columns[1].Name) != rollup.Field.Entity.Name) return null;
        return (Guid?)values.Get(rollup.Via.Columns[0].Name);
    }

    private static SqlBuilder WhereIds(SqlBuilder sql, IEnumerable<Guid> ids) =>
        sql.Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
}
