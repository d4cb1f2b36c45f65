using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Compiled;

/// <summary>A field with everything it refers to resolved. Immutable once the model is built.</summary>
public sealed class Field
{
    /// <summary>The entity that has the field.</summary>
    public required Entity Entity { get; init; }

    /// <summary>The field as written, after extensions.</summary>
    public required Source.Field Source { get; init; }

    /// <summary>Package that declares the field (not always the entity's own).</summary>
    public required string Package { get; init; }

    /// <summary>Where it is declared.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Its type.</summary>
    public required FieldType Type { get; init; }

    /// <summary>Stored columns, main value first; empty for children and links.</summary>
    public required ImmutableArray<Column> Columns { get; init; }

    /// <summary>Name: SQL column, API property and script property alike.</summary>
    public string Name => Source.Name;

    /// <summary>What people call it.</summary>
    public required string Label { get; init; }

    /// <summary>One of the fields that every record has, such as <c>created_at</c>: kept by the engine, never written by clients.</summary>
    public bool IsSystem { get; init; }

    /// <summary>When and by whom a record was put into the recycle bin: shown of the records there, and never of others.</summary>
    public bool IsOfRecycleBin => IsSystem && Name is ("deleted_at" or "deleted_by");

    /// <summary>Options, shared lists resolved; empty for types without.</summary>
    public ImmutableArray<Source.Option> Options { get; init; } = [];

    /// <summary>Entities that the field points to: one for a plain lookup, several for a polymorphic one, all for <c>*</c>; empty for other types.</summary>
    public ImmutableArray<Entity> Targets { get; internal set; } = [];

    /// <summary>A lookup that can point to several entities: it has an id and a type column and no foreign key.</summary>
    public bool IsPolymorphic { get; init; }

    /// <summary>Holds the id of another record, of one kind or of several.</summary>
    public bool IsLookup => Column is not null && (IsPolymorphic || Targets.Length == 1);

    /// <summary>Points to one kind of record, through one id column: a plain lookup or a parent.</summary>
    public bool IsSingleLookup => Type.Name is "lookup" or "parent" && !IsPolymorphic;

    /// <summary>The database keeps the target alive: a plain lookup or a parent, but not the engine's own <c>created_by</c> and the like.</summary>
    public bool HasForeignKey => IsSingleLookup && !IsSystem;

    /// <summary>children: the lookup of the child that points here. links: the lookup of the link entity that points here. Null for others.</summary>
    public Field? Via { get; internal set; }

    /// <summary>children: the child entity. links: the link entity. Null for others.</summary>
    public Entity? Child { get; internal set; }

    /// <summary>links: the lookup of the link entity that points to the far side. Null for others.</summary>
    public Field? FarSide { get; internal set; }

    /// <summary>The links field whose pairs this one shows from their other end; null for others.</summary>
    public Field? InverseOf { get; internal set; }

    /// <summary>When a value is required.</summary>
    public Condition Required { get; init; } = Condition.False;

    /// <summary>When clients cannot change the value.</summary>
    public Condition Readonly { get; init; } = Condition.False;

    /// <summary>When forms show the field.</summary>
    public Condition Visible { get; init; } = Condition.True;

    /// <summary>Constant default; null where there is none or a formula gives it.</summary>
    public JsonElement? DefaultValue { get; init; }

    /// <summary>Formula of the default; null where there is none or it is constant.</summary>
    public Expression? DefaultFormula { get; init; }

    /// <summary>Formula that computes the value; null for others.</summary>
    public Expression? Formula { get; init; }

    /// <summary>Formula that limits what a lookup offers; null where all are offered.</summary>
    public Expression? Filter { get; init; }

    /// <summary>Rollup that computes the value; null for others.</summary>
    public Rollup? Rollup { get; internal set; }

    /// <summary>Clients cannot write it: system, formula, rollup, automatic number.</summary>
    public bool IsComputed => IsSystem || Formula is not null || Source.Rollup is not null || Type.Name == "autonumber";

    /// <summary>Clients can write it, where their rights permit it: what is not computed, and the owner, who can be changed though the engine fills it in.</summary>
    public bool IsWritable => !IsComputed || Type is OwnerType;

    /// <summary>The main column; null for children and links.</summary>
    public Column? Column => Columns.IsEmpty ? null : Columns[0];

    /// <summary><c>entity.field</c>.</summary>
    public override string ToString() => $"{Entity.Name}.{Name}";
}

/// <summary>A value computed over the records that point here.</summary>
/// <param name="Field">The field that shows it.</param>
/// <param name="Child">Entity of the counted records.</param>
/// <param name="Via">Its lookup that points here.</param>
/// <param name="Aggregate">How the values are put together.</param>
/// <param name="Value">Field to aggregate; null for a count.</param>
/// <param name="OrderBy">Field of the child that says in which order records come, ties by id; null where order has no meaning.</param>
/// <param name="Where">Formula over the child: only those for which it is true count; null for all.</param>
public sealed record Rollup(Field Field, Entity Child, Field Via, Aggregate Aggregate, Field? Value, Field? OrderBy, Expression? Where)
{
    /// <summary>The value is kept with its record; false where it is computed whenever it is read.</summary>
    public bool IsStored => Field.Source.Rollup!.Stored;

    /// <summary>What stands between the texts of <see cref="Aggregate.Concat"/>.</summary>
    public string Separator => Field.Source.Rollup!.Separator ?? ", ";

    /// <summary>The fields of the child that are read, those of <see cref="Where"/> left out.</summary>
    public IEnumerable<Field> Reads => new[] { Value, OrderBy }.OfType<Field>();
}

/// <summary>How several values become one. Null values do not take part, but for <see cref="First"/> and <see cref="Last"/>.</summary>
public enum Aggregate
{
    /// <summary>Number of records; 0 for none.</summary>
    Count,

    /// <summary>Sum; 0 for none.</summary>
    Sum,

    /// <summary>Smallest; null for none.</summary>
    Min,

    /// <summary>Largest; null for none.</summary>
    Max,

    /// <summary>Arithmetic mean; null for none.</summary>
    Avg,

    /// <summary>Value of the record that comes first, null where it has none; null for no record.</summary>
    First,

    /// <summary>Value of the record that comes last, null where it has none; null for no record.</summary>
    Last,

    /// <summary>Texts one after the other, cut where the field holds no more; null for none.</summary>
    Concat,
}
