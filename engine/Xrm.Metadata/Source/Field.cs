using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Xrm.Metadata.Source;

/// <summary>
/// One field of an entity. All field types share this record; which of its settings a type accepts is said by its
/// <see cref="FieldTypes.FieldType"/>, and a setting that the type does not accept is an error.
/// </summary>
public sealed record Field
{
    /// <summary>Name of the field: SQL column, API property and script property alike.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Name of the field type, e.g. <c>text</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The field's former name, so that its data is kept under the new one.</summary>
    [RegularExpression(Names.Pattern)]
    public string? RenamedFrom { get; init; }

    /// <summary>What people call the field; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>Explanation shown as a tooltip.</summary>
    public string? Description { get; init; }

    /// <summary>A record cannot be saved without a value: <c>true</c>, or a formula that says when.</summary>
    public Condition? Required { get; init; }

    /// <summary>People and API clients cannot change the value: <c>true</c>, or a formula that says when.</summary>
    public Condition? Readonly { get; init; }

    /// <summary>Formula that says when forms show the field.</summary>
    public Condition? Visible { get; init; }

    /// <summary>Never shown in generated forms and views.</summary>
    public bool Hidden { get; init; }

    /// <summary>Marked in forms as worth filling in, but not enforced.</summary>
    public bool Recommended { get; init; }

    /// <summary>Can be set while the record is created and never changed afterwards.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>No two records may have the same value (deleted records do not count).</summary>
    public bool Unique { get; init; }

    /// <summary>Build an index for filters and sorts on this field.</summary>
    public bool Index { get; init; }

    /// <summary>Found by search.</summary>
    public bool Search { get; init; }

    /// <summary>Overrides the entity's <c>audit</c> feature for this field.</summary>
    public bool? Audit { get; init; }

    /// <summary>The value says something about a person: <c>true</c>, or what it is kept for.</summary>
    public Personal? Personal { get; init => field = value is { IsPersonal: false } ? null : value; }

    /// <summary>The value is confidential; where it is personal as well, it is of a special category, such as health or religion.</summary>
    public bool Sensitive { get; init; }

    /// <summary>Shown when a record is printed. Default true.</summary>
    public bool Printable { get; init; } = true;

    /// <summary>Taken over when a record is duplicated. Default true.</summary>
    public bool Copy { get; init; } = true;

    /// <summary>Value of a new record: a constant of the field's type, or <c>{ "formula": "today()" }</c>.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>Formula that computes the value; the field cannot be written.</summary>
    public string? Formula { get; init; }

    /// <summary>Computes the value over related records; the field cannot be written.</summary>
    public Rollup? Rollup { get; init; }

    /// <summary>Path of a value to copy when a lookup is chosen, e.g. <c>account.payment_terms</c>; the copy is stored.</summary>
    public string? CopyFrom { get; init; }

    /// <summary>With <c>copyFrom</c>: keep a value that is already there.</summary>
    public bool OnlyIfEmpty { get; init; }

    /// <summary>Longest permitted text, in characters.</summary>
    [Range(1, 1_073_741_823)]
    public int? MaxLength { get; init; }

    /// <summary>Regular expression (ECMAScript syntax, linear-time subset) that the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>Smallest permitted number.</summary>
    public decimal? Min { get; init; }

    /// <summary>Largest permitted number.</summary>
    public decimal? Max { get; init; }

    /// <summary>Digits in all of a decimal number.</summary>
    [Range(1, 1000)]
    public int? Precision { get; init; }

    /// <summary>Digits after the decimal point.</summary>
    [Range(0, 100)]
    public int? Scale { get; init; }

    /// <summary>Pattern of an automatic number: <c>{yyyy}</c>, <c>{yy}</c>, <c>{MM}</c>, <c>{dd}</c> and one run of zeros such as <c>{00000}</c>; counted anew when a date part changes.</summary>
    public string? Format { get; init; }

    /// <summary>Currency of a money field: an ISO 4217 code, or the name of a field of the record that holds one.</summary>
    public string? Currency { get; init; }

    /// <summary>Values to choose from, or the name of a shared list in <c>options/</c>.</summary>
    public Options? Options { get; init; }

    /// <summary>Other choice field that the offered options depend on (see <see cref="Option.When"/>).</summary>
    public string? Parent { get; init; }

    /// <summary>Values outside the list are accepted, too.</summary>
    public bool AllowOther { get; init; }

    /// <summary>Entity that a lookup or a many-to-many field points to; <c>*</c> for any entity.</summary>
    public string? Target { get; init; }

    /// <summary>Entities that a lookup of several kinds points to.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>What the deletion of the target does: <c>restrict</c>, <c>setNull</c> (default) or <c>cascade</c>.</summary>
    [AllowedValues("restrict", "setNull", "cascade")]
    public string? OnDelete { get; init; }

    /// <summary>Formula over the target (its own fields) and <c>record</c> (this record) that limits what can be chosen.</summary>
    public string? Filter { get; init; }

    /// <summary>How the target sees the records that point to it; with <c>links</c>, it can change them from there, too.</summary>
    public Inverse? Inverse { get; init; }

    /// <summary>Child entity of a <c>children</c> field.</summary>
    public string? Entity { get; init; }

    /// <summary>Lookup of the child entity that points to this record.</summary>
    public string? Via { get; init; }

    /// <summary>Link entity of a many-to-many field; generated where missing.</summary>
    public string? Through { get; init; }

    /// <summary>Columns of the grid that shows children or links, in order.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Programming language of a <c>code</c> field.</summary>
    public string? Language { get; init; }

    /// <summary>Roles that may see or change the field; everybody who may see or change the record where missing.</summary>
    public FieldAccess? Access { get; init; }
}

/// <summary>Roles that may read and write one field.</summary>
public sealed record FieldAccess
{
    /// <summary>Roles that see the value; all where empty.</summary>
    public ImmutableArray<string> Read { get; init; } = [];

    /// <summary>Roles that change the value, among those that see it; all where empty.</summary>
    public ImmutableArray<string> Write { get; init; } = [];

    /// <summary>Roles that see a part of the value though not the value; <c>*</c> for everybody who may see the record.</summary>
    public ImmutableArray<string> Masked { get; init; } = [];

    /// <summary>
    /// Which part they see. Of texts: <c>none</c> (default: only that there is a value), <c>lastFour</c> characters of long texts, <c>firstLetter</c>, or of an
    /// e-mail address the first letter and the <c>domain</c>. Of dates the <c>year</c>.
    /// </summary>
    [AllowedValues("none", "lastFour", "firstLetter", "domain", "year")]
    public string Mask { get; init; } = "none";
}

/// <summary>The other side of a lookup or of links.</summary>
public sealed record Inverse
{
    /// <summary>Name of the collection on the target, e.g. <c>contracts</c>.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call it.</summary>
    public string? Label { get; init; }
}

/// <summary>A value computed over the records that point here.</summary>
public sealed record Rollup
{
    /// <summary>Entity of the counted records.</summary>
    public required string Entity { get; init; }

    /// <summary>Lookup of that entity that points to this record.</summary>
    public required string Via { get; init; }

    /// <summary><c>sum</c>, <c>count</c>, <c>min</c>, <c>max</c>, <c>avg</c>, <c>first</c>, <c>last</c> or <c>concat</c> (texts, one after the other).</summary>
    [AllowedValues("sum", "count", "min", "max", "avg", "first", "last", "concat")]
    public required string Aggregate { get; init; }

    /// <summary>Field to aggregate; not needed for <c>count</c>.</summary>
    public string? Field { get; init; }

    /// <summary>With <c>first</c>, <c>last</c> and <c>concat</c>: field of that entity that says in which order its records come; when they were created where missing.</summary>
    public string? OrderBy { get; init; }

    /// <summary>With <c>concat</c>: what stands between two texts; a comma and a space where missing.</summary>
    public string? Separator { get; init; }

    /// <summary>Formula over the counted record: only those for which it is true count.</summary>
    public string? Where { get; init; }

    /// <summary>The value is kept with its record, and computed anew when a counted record changes (default); <c>false</c>: it is computed whenever it is read.</summary>
    public bool Stored { get; init; } = true;
}
