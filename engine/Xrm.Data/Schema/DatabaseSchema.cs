using System.Collections.Immutable;

namespace Xrm.Data.Schema;

/// <summary>The tables of an organisation: as the model wants them, or as they are. Both are this type, so that they can be compared.</summary>
/// <param name="Tables">The tables of records; the engine's own (with a leading underscore) are not among them.</param>
internal sealed record DatabaseSchema(ImmutableArray<Table> Tables)
{
    public static DatabaseSchema Empty { get; } = new([]);
}

/// <summary>A table of records.</summary>
/// <param name="Name">Name: the plural of the entity.</param>
/// <param name="Entity">The entity, which is how a table is recognised when its plural changes; kept in the table's comment.</param>
/// <param name="IsRetired">Its entity has gone; the records are kept.</param>
/// <param name="Columns">Columns, in order.</param>
/// <param name="Indexes">Indexes, that of the primary key included.</param>
/// <param name="ForeignKeys">References to other tables.</param>
internal sealed record Table(
    string Name, string Entity, bool IsRetired, ImmutableArray<TableColumn> Columns, ImmutableArray<TableIndex> Indexes, ImmutableArray<ForeignKey> ForeignKeys)
{
    /// <summary>
    /// Of a wanted table the entity's former name, whose records it takes over; of one that is there the name that it took over from, kept in
    /// the comment, so that two that exchange their names do so once. Null for none.
    /// </summary>
    public string? FormerEntity { get; init; }

    /// <summary>No model in force has it: a publish has prepared it and did not end. It is on its way out.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Estimated number of rows; -1 where PostgreSQL never counted, 0 for a wanted table.</summary>
    public long EstimatedRows { get; init; }

    public TableColumn? FindColumn(string name) => Columns.FirstOrDefault(column => column.Name == name);
}

/// <summary>A column.</summary>
/// <param name="Name">Name.</param>
/// <param name="Field">The field that it belongs to; kept in the column's comment where the names differ.</param>
/// <param name="Type">Type as PostgreSQL writes it, e.g. <c>numeric(19,2)</c>; texts with their collation.</param>
/// <param name="IsRequired">Declared not null.</param>
internal sealed record TableColumn(string Name, string Field, string Type, bool IsRequired)
{
    /// <summary>Its field has gone; the values are kept.</summary>
    public bool IsRetired { get; init; }

    /// <summary>No model in force has it: a publish has prepared it and did not end, or has deleted it. It is on its way out with its values.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Hash of the formula or rollup that computes the values; null for others. Kept in the comment, so that a change is noticed.</summary>
    public string? Computation { get; init; }

    /// <summary>The column's name before its field was renamed, understood as <see cref="Table.FormerEntity"/>; null for none.</summary>
    public string? FormerName { get; init; }

    /// <summary>What the column's comment says; null for no comment.</summary>
    public string? Comment => SchemaComment.Write(this);
}

/// <summary>An index.</summary>
/// <param name="Name">Name.</param>
/// <param name="Columns">Columns, in order.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Rows">Which rows it holds.</param>
internal sealed record TableIndex(string Name, ImmutableArray<string> Columns, IndexKind Kind, IndexRows Rows)
{
    /// <summary>False for what a concurrent build that failed left behind.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>Those of the columns that are sorted by the rules of languages, as lists are; the others by code points.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>
    /// How the columns become the text of an index for search (<see cref="Queries.SearchText"/>); null for other indexes. Kept in the comment, so
    /// that a change is noticed.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Of a wanted index for search the expression that it is over; null for all others.</summary>
    public string? Expression { get; init; }

    /// <summary>True for one over nothing of the rows: a second row is refused, whatever it holds.</summary>
    public bool AllowsOneRow => Kind == IndexKind.Unique && Columns.IsEmpty;

    /// <summary>True for an index for search, which is large and takes long to build.</summary>
    public bool IsForSearch => Kind is IndexKind.FullText or IndexKind.Trigrams;

    /// <summary>What the comment of an index for search says; null for others, which have none.</summary>
    public string? Comment => SchemaComment.Write(this);

    /// <summary>True where the two index the same in the same way, whatever their names.</summary>
    public bool IsLike(TableIndex other) => Kind == other.Kind && Rows == other.Rows && Search == other.Search
        && Columns.SequenceEqual(other.Columns) && Words.SequenceEqual(other.Words);

    /// <summary>The same index after some of its columns got other names.</summary>
    public TableIndex Rename(Func<string, string> name) => this with { Columns = [.. Columns.Select(name)], Words = [.. Words.Select(name)] };
}

/// <summary>Which rows an index holds.</summary>
internal enum IndexRows
{
    /// <summary>All.</summary>
    All,

    /// <summary>Not those of records in the recycle bin.</summary>
    Live,

    /// <summary>Only those of records in the recycle bin.</summary>
    Deleted,
}

/// <summary>What an index is for.</summary>
internal enum IndexKind
{
    /// <summary>The primary key.</summary>
    Primary,

    /// <summary>No two records may have the same values.</summary>
    Unique,

    /// <summary>Filters and sorts.</summary>
    Plain,

    /// <summary>Finds words by their stems and beginnings.</summary>
    FullText,

    /// <summary>Finds parts of words, and words with a slip in them.</summary>
    Trigrams,
}

/// <summary>A reference to another table.</summary>
/// <param name="Name">Name.</param>
/// <param name="Column">The column that refers; always to <c>id</c>.</param>
/// <param name="Target">The table referred to.</param>
/// <param name="OnDelete">What a deletion of the target does.</param>
internal sealed record ForeignKey(string Name, string Column, string Target, DeleteAction OnDelete);

/// <summary>What the deletion of a target does.</summary>
internal enum DeleteAction
{
    /// <summary>It is refused.</summary>
    Restrict,

    /// <summary>The reference is emptied.</summary>
    SetNull,

    /// <summary>The referring record is deleted, too.</summary>
    Cascade,
}
