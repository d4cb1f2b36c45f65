using System.Collections.Immutable;
using Xrm.Metadata;

namespace Xrm.Data.Schema;

/// <summary>All that a publish would do to the tables, or why it cannot be done.</summary>
/// <param name="Changes">The steps, in the order in which they are carried out; empty where nothing needs to be done.</param>
/// <param name="Problems">What stands in the way; the plan can be carried out only where there is nothing.</param>
public sealed record SchemaPlan(ImmutableArray<SchemaChange> Changes, ImmutableArray<Problem> Problems)
{
    /// <summary>True where the tables are as the model wants them.</summary>
    public bool IsEmpty => Changes.IsEmpty && Problems.IsEmpty;

    /// <summary>The steps that compute stored values of all records within the publish.</summary>
    internal IEnumerable<SchemaChange> Recomputed => Changes.Where(change => change is { Kind: ChangeKind.Recompute, IsLeftToJob: false });

    /// <summary>The stored computed fields whose columns are not filled when the plan has been carried out.</summary>
    internal ImmutableArray<Metadata.Compiled.Field> Unfilled { get; init; } = [];
}

/// <summary>One step of a plan.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Entity">Entity of the table.</param>
/// <param name="Table">The table, by its name after the publish.</param>
/// <param name="Column">The column, index or constraint; null where the whole table is meant.</param>
/// <param name="Sentence">The step in words, for people.</param>
/// <param name="Sql">The statements.</param>
public sealed record SchemaChange(ChangeKind Kind, string Entity, string Table, string? Column, string Sentence, ImmutableArray<string> Sql)
{
    /// <summary>What it costs.</summary>
    public ChangeRisk Risk { get; init; }

    /// <summary>Rows of the table: exact up to 100,000, estimated beyond; 0 for a new table.</summary>
    public long Rows { get; init; }

    /// <summary>Carried out after the publish, without hindering anybody: an index on a big table.</summary>
    public bool IsDeferred { get; init; }

    /// <summary>The values are computed by a job after the publish; until then whenever they are read.</summary>
    public bool IsLeftToJob { get; init; }

    /// <summary>The same in parts, so that no request waits for it; null where it can only be done at once.</summary>
    internal ChangeParts? Parts { get; init; }
}

/// <summary>What a step costs.</summary>
public enum ChangeRisk
{
    /// <summary>Done at once, loses nothing.</summary>
    Safe,

    /// <summary>Reads or writes every row of a table that has many; writers wait meanwhile.</summary>
    Slow,

    /// <summary>Data is lost. Only done when the publish names it.</summary>
    Destructive,
}

/// <summary>Kinds of steps, in the order in which a plan carries them out.</summary>
public enum ChangeKind
{
    /// <summary>What a publish has deleted, or prepared and not brought into force, makes room for something of its name.</summary>
    Clear,

    /// <summary>A reference is no longer checked.</summary>
    DropForeignKey,

    /// <summary>An index is no longer wanted, or is broken.</summary>
    DropIndex,

    /// <summary>An entity was renamed or has another plural.</summary>
    RenameTable,

    /// <summary>A field was renamed.</summary>
    RenameColumn,

    /// <summary>An index or constraint follows the name of its table or column.</summary>
    RenameIndex,

    /// <summary>The publish asked for the column's data to be deleted.</summary>
    DropColumn,

    /// <summary>The publish asked for the table's data to be deleted.</summary>
    DropTable,

    /// <summary>A new entity.</summary>
    CreateTable,

    /// <summary>An entity that had gone is back, with its records.</summary>
    RestoreTable,

    /// <summary>A new field.</summary>
    AddColumn,

    /// <summary>A field that had gone is back, with its values.</summary>
    RestoreColumn,

    /// <summary>The type changes and no value is lost; only more room is needed.</summary>
    WidenColumn,

    /// <summary>The type changes; every value was checked to survive.</summary>
    ChangeType,

    /// <summary>A value is no longer required.</summary>
    DropNotNull,

    /// <summary>The field has gone; its values are kept, hidden.</summary>
    RetireColumn,

    /// <summary>The entity has gone; its records are kept, hidden.</summary>
    RetireTable,

    /// <summary>The note that the engine keeps at a table or column changes.</summary>
    Annotate,

    /// <summary>What names entities and fields in its rows (lookups of several kinds, history, numbers, files) follows their new names.</summary>
    FollowRename,

    /// <summary>A formula or rollup is new or reads otherwise: the values of all records are computed anew.</summary>
    Recompute,

    /// <summary>A value is required from now on.</summary>
    SetNotNull,

    /// <summary>A new key or index.</summary>
    AddIndex,

    /// <summary>A reference is checked from now on.</summary>
    AddForeignKey,
}
