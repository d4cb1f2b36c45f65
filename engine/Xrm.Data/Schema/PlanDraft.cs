using System.Collections.Immutable;
using Xrm.Metadata;

namespace Xrm.Data.Schema;

/// <summary>A plan in the making.</summary>
/// <param name="sql">Writes DDL for the organisation's schema.</param>
/// <param name="drops">What the publish allows to be deleted: <c>entity</c> or <c>entity.field</c>.</param>
internal sealed class PlanDraft(SchemaSql sql, IReadOnlySet<string> drops)
{
    private readonly HashSet<string> _usedDrops = [];
    private readonly Dictionary<string, (Table Table, string To)> _indexRenames = [];

    public SchemaSql Sql { get; } = sql;

    public List<PlannedChange> Changes { get; } = [];

    /// <summary>The tables that are there, by the entity that they belong to in the end.</summary>
    public Dictionary<string, Table> Before { get; } = [];

    public List<OffenderCheck> Checks { get; } = [];

    public List<Problem> Problems { get; } = [];

    /// <summary>Names that the publish allows to be deleted, but that nothing has.</summary>
    public IEnumerable<string> UnusedDrops => drops.Except(_usedDrops);

    public bool MayDrop(string name)
    {
        if (!drops.Contains(name)) return false;
        _usedDrops.Add(name);
        return true;
    }

    /// <summary>Fields that got another name.</summary>
    public List<(string Entity, string From, string To)> RenamedFields { get; } = [];

    public void Add(ChangeKind kind, Table table, string? column, string sentence, params ImmutableArray<string> statements) =>
        Changes.Add(new PlannedChange(new SchemaChange(kind, table.Entity, table.Name, column, sentence, statements)));

    /// <summary>As the other, for a step that can be done in parts.</summary>
    public void Add(ChangeKind kind, Table table, string? column, string sentence, ChangeParts parts, params ImmutableArray<string> statements) =>
        Changes.Add(new PlannedChange(new SchemaChange(kind, table.Entity, table.Name, column, sentence, statements) { Parts = parts }));

    /// <summary>As the other, for a step for which nobody waits who reads or writes, or only for a moment: it stays in the transaction of the publish.</summary>
    public void AddLight(ChangeKind kind, Table table, string? column, string sentence, params ImmutableArray<string> statements) =>
        Add(kind, table, column, sentence, new ChangeParts { Within = statements }, statements);

    /// <summary>Notes a rename. Indexes share one room of names, whatever their tables: the renames are ordered when all are known.</summary>
    public void RenameIndex(Table table, string from, string to) => _indexRenames.Add(from, (table, to));

    /// <summary>Adds the renames of indexes that were noted.</summary>
    public void AddIndexRenames()
    {
        var tables = _indexRenames.Values.ToDictionary(rename => rename.To, rename => rename.Table);
        foreach (var rename in Matching.InOrder(_indexRenames.Select(rename => (rename.Key, rename.Value.To))))
            Add(ChangeKind.RenameIndex, tables[rename.Final], rename.Final, rename.Describe("the index "), Sql.RenameIndex(rename.From, rename.To));
    }

    public void AddIndex(Table table, TableIndex index)
    {
        var sentence = index.Kind switch
        {
            IndexKind.Unique when index.AllowsOneRow => $"Allow one {table.Entity} and no more.",
            IndexKind.Unique => $"Allow each {string.Join(" with ", index.Columns)} of {table.Entity} only once.",
            IndexKind.FullText => $"Let search find words in {string.Join(", ", index.Columns)} of {table.Entity}.",
            IndexKind.Trigrams => $"Let search find parts of words in {string.Join(", ", index.Columns)} of {table.Entity}.",
            _ => $"Index {table.Entity} by {string.Join(", ", index.Columns)}.",
        };
        var statements = Sql.CreateIndex(table.Name, index, concurrently: false);
        var change = new SchemaChange(ChangeKind.AddIndex, table.Entity, table.Name, index.Name, sentence, statements)
        {
            // A key holds for the model in force as well, as soon as it is there.
            Parts = index.Kind == IndexKind.Unique ? null : new ChangeParts { Before = statements },
        };
        Changes.Add(new PlannedChange(change)
        {
            Concurrently = index.Kind == IndexKind.Unique ? [] : Sql.CreateIndex(table.Name, index, concurrently: true),
            TakesLong = index.IsForSearch,
        });
    }
}

/// <summary>A step, before the number of rows decides on its risk.</summary>
/// <param name="Change">The step.</param>
internal sealed record PlannedChange(SchemaChange Change)
{
    /// <summary>The statements that do the same without hindering anybody, outside a transaction; empty where there are none.</summary>
    public ImmutableArray<string> Concurrently { get; init; } = [];

    /// <summary>Each row takes a good part of a millisecond.</summary>
    public bool TakesLong { get; init; }
}

/// <summary>Rows that stand in the way of a step are counted before it is tried.</summary>
/// <param name="Sql">A query that counts them, on the tables as they are.</param>
/// <param name="Problem">What to tell of that many.</param>
internal sealed record OffenderCheck(string Sql, Func<long, Problem> Problem);
