using System.Collections.Immutable;
using Dapper;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Privacy;

/// <summary>A record that holds data of a person.</summary>
/// <param name="Entity">Its entity.</param>
/// <param name="Id">The record.</param>
/// <param name="IsDeleted">It lies in the recycle bin.</param>
/// <param name="KeptFrom">Date from which it has to be kept, UTC; null where none is known.</param>
/// <param name="Through">The record through which it leads to the person; null for the person.</param>
public sealed record PersonRecord(Entity Entity, Guid Id, bool IsDeleted, DateTime? KeptFrom, Guid? Through = null);

/// <summary>
/// Finds all records about a person: those whose subject leads there, be it through other records, and the children of all of them. What lies in the recycle
/// bin counts. Knows no rights: whoever calls it checks them.
/// </summary>
public static class PersonRecords
{
    /// <summary>Most records of one person.</summary>
    public const int Most = 100_000;

    /// <summary>The person first, then what leads to it, farther and farther away.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="published">The model.</param>
    /// <param name="entity">Entity of the person.</param>
    /// <param name="id">The person.</param>
    /// <param name="ct">Cancels the queries.</param>
    /// <exception cref="XrmException">404: there is no such person; 409: there are more than <see cref="Most"/> records.</exception>
    public static async Task<ImmutableArray<PersonRecord>> FindAsync(NpgsqlTransaction transaction, string schema, PublishedModel published, Entity entity, Guid id, CancellationToken ct)
    {
        var found = new List<PersonRecord>();
        var seen = new HashSet<(Entity, Guid)>();
        var next = new Queue<(Entity Entity, Guid[] Ids)>();
        Add(entity, await SelectAsync(transaction, (schema, published), entity, "id = any(@ids)", [id], ct));
        if (found.Count == 0) throw XrmException.RecordNotFound(entity.Name, id);
        while (next.TryDequeue(out var group))
        {
            foreach (var (other, lookup) in Leading(published.Model, group.Entity))
            {
                var condition = $"{SqlName.Quote(lookup.Columns[0].Name)} = any(@ids){(lookup.IsPolymorphic ? $" and {SqlName.Quote(lookup.Columns[1].Name)} = @target" : "")}";
                Add(other, await SelectAsync(transaction, (schema, published), other, condition, group.Ids, ct, (lookup, group.Entity.Name)));
            }
            if (found.Count > Most) throw new XrmException("too_many_records", 409, $"More than {Most} records are about this {entity.Label}. Delete those that nobody needs first.");
        }
        return [.. found];

        void Add(Entity kind, IEnumerable<PersonRecord> records)
        {
            var fresh = records.Where(record => seen.Add((kind, record.Id))).ToList();
            found.AddRange(fresh);
            if (fresh.Count > 0) next.Enqueue((kind, [.. fresh.Select(record => record.Id)]));
        }
    }

    /// <summary>The next records whose time has passed and that were not dealt with yet, in the order of their ids.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="published">The model.</param>
    /// <param name="from">The field from which the time counts, and the UTC time before which it has passed.</param>
    /// <param name="after">Id behind which to go on.</param>
    /// <param name="limit">Most records.</param>
    /// <param name="ct">Cancels the query.</param>
    public static async Task<IReadOnlyList<PersonRecord>> ExpiredAsync(NpgsqlTransaction transaction, string schema, PublishedModel published, (Field From, DateTime Before) from, Guid after, int limit, CancellationToken ct)
    {
        if (!published.Formulas.IsStored(from.From)) return [];
        var erased = SqlName.Quote(schema, "_erasure");
        var condition = $"{SqlName.Quote(from.From.Column!.Name)} < @before and id > @after and not exists (select from {erased} e where e.entity = @name and e.record_id = r.id)";
        var sql = Select((schema, published), from.From.Entity, condition) + " order by id limit @limit";
        return Read(from.From.Entity, await transaction.Connection!.QueryAsync<(Guid, bool, DateTime?, Guid?)>(new CommandDefinition(sql, new { before = from.Before, after, name = from.From.Entity.Name, limit }, transaction, cancellationToken: ct)));
    }

    /// <summary>The lookups by which records lead to those of an entity: subjects, and parents of children.</summary>
    private static IEnumerable<(Entity, Field)> Leading(Model model, Entity entity)
    {
        var subjects = model.Entities.Where(other => other.Privacy?.Subject is { } lookup && lookup.Targets.Contains(entity)).Select(other => (other, other.Privacy!.Subject!));
        var children = entity.Fields.Where(field => field.Type.Name == "children").Select(field => (field.Child!, field.Via!));
        return subjects.Concat(children).Distinct();
    }

    private static async Task<IEnumerable<PersonRecord>> SelectAsync(NpgsqlTransaction transaction, (string, PublishedModel) place, Entity entity, string condition, Guid[] ids, CancellationToken ct, (Field Lookup, string Target)? through = null) =>
        Read(entity, await transaction.Connection!.QueryAsync<(Guid, bool, DateTime?, Guid?)>(new CommandDefinition($"{Select(place, entity, condition, through?.Lookup)} order by id limit {Most + 1}", new { ids, target = through?.Target }, transaction, cancellationToken: ct)));

    private static string Select((string Schema, PublishedModel Published) place, Entity entity, string condition, Field? through = null)
    {
        var from = entity.Privacy?.KeptFrom is { } field && place.Published.Formulas.IsStored(field) ? $"{SqlName.Quote(field.Column!.Name)}::timestamptz" : "null::timestamptz";
        return $"select id, {(entity.HasRecycleBin ? "deleted_at is not null" : "false")}, {from}, {(through is null ? "null::uuid" : SqlName.Quote(through.Columns[0].Name))} from {SqlName.Quote(place.Schema, entity.Plural)} r where {condition}";
    }

    private static List<PersonRecord> Read(Entity entity, IEnumerable<(Guid Id, bool IsDeleted, DateTime? KeptFrom, Guid? Through)> rows) => [.. rows.Select(row => new PersonRecord(entity, row.Id, row.IsDeleted, row.KeptFrom, row.Through))];
}
