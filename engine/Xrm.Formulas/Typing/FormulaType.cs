using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Typing;

/// <summary>What is known of a value before there is one.</summary>
/// <param name="Kind">Kind of the value. <see cref="ValueKind.Float"/> does not occur: formulas calculate with exact numbers.</param>
internal sealed record FormulaType(ValueKind Kind)
{
    public static FormulaType Text { get; } = new(ValueKind.Text);

    public static FormulaType Number { get; } = new(ValueKind.Number) { Scale = Values.Exact.Scale };

    /// <summary>A number that SQL holds as <c>bigint</c>.</summary>
    public static FormulaType Integer { get; } = new(ValueKind.Number) { IsInteger = true };

    public static FormulaType Boolean { get; } = new(ValueKind.Boolean);

    /// <summary>A boolean that is never null.</summary>
    public static FormulaType Answer { get; } = new(ValueKind.Boolean) { IsNullable = false };

    public static FormulaType Date { get; } = new(ValueKind.Date);

    public static FormulaType DateTime { get; } = new(ValueKind.DateTime);

    /// <summary>The type of <c>null</c>: fits everywhere.</summary>
    public static FormulaType Null { get; } = new(ValueKind.None) { IsNull = true };

    /// <summary>What a mistake has: fits everywhere, so that one mistake gives one problem.</summary>
    public static FormulaType Mistake { get; } = new(ValueKind.None) { IsNull = true, IsMistake = true };

    public bool IsNull { get; private init; }

    public bool IsMistake { get; private init; }

    /// <summary>The value can be null.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>SQL holds the number as an integer type; arithmetic converts it first, since integers overflow and divide without a rest.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Most digits after the point.</summary>
    public int Scale { get; init; }

    /// <summary>Kind of the items of a list.</summary>
    public ValueKind Item { get; init; }

    /// <summary>Only its truth is defined: the sides of <c>&amp;&amp;</c> or <c>||</c> are of different kinds.</summary>
    public bool IsTruthOnly { get; init; }

    /// <summary>The choice field that it comes from: constants compared with it must be among its options.</summary>
    public Field? Choice { get; init; }

    /// <summary>The kind of the value, with one name for both kinds of id.</summary>
    public ValueKind Comparable => Kind == ValueKind.Uuid ? ValueKind.Reference : Kind;

    /// <summary>What people call such a value.</summary>
    public string Name => IsTruthOnly ? "values of different kinds" : IsNull ? "null" : NameOf(Kind);

    public static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Text => "a text",
        ValueKind.Number or ValueKind.Float => "a number",
        ValueKind.Boolean => "true or false",
        ValueKind.Date => "a date",
        ValueKind.DateTime => "a date with time",
        ValueKind.Time => "a time of day",
        ValueKind.Reference or ValueKind.Uuid => "a record's id",
        ValueKind.List => "a list",
        ValueKind.Json => "JSON",
        _ => "a set of records",
    };

    /// <summary>The type of a field's column.</summary>
    public static FormulaType Of(Field field, Column column)
    {
        var isReference = column.Part.Length == 0 && field.Type.Kind == ValueKind.Reference;
        return new(isReference ? ValueKind.Reference : KindOf(column.Type))
        {
            IsNullable = field is not { IsSystem: true, Name: "id" },
            IsInteger = column.Type == ColumnType.Integer,
            Scale = column.Type == ColumnType.Float ? Values.Exact.Scale : column.Scale,
            Item = column.Type switch
            {
                ColumnType.TextList => ValueKind.Text,
                ColumnType.IntegerList => ValueKind.Number,
                ColumnType.UuidList => ValueKind.Uuid,
                _ => ValueKind.None,
            },
            Choice = field.Options.IsEmpty || field.Source.AllowOther || column.Part.Length > 0 ? null : field,
        };
    }

    private static ValueKind KindOf(ColumnType type) => type switch
    {
        ColumnType.Text => ValueKind.Text,
        ColumnType.Integer or ColumnType.Decimal or ColumnType.Float => ValueKind.Number,
        ColumnType.Boolean => ValueKind.Boolean,
        ColumnType.Date => ValueKind.Date,
        ColumnType.Timestamp => ValueKind.DateTime,
        ColumnType.Time => ValueKind.Time,
        ColumnType.Uuid => ValueKind.Uuid,
        ColumnType.Json => ValueKind.Json,
        _ => ValueKind.List,
    };

    /// <summary>The type of a value that is one of these; null where they do not go together.</summary>
    public static FormulaType? Join(FormulaType left, FormulaType right)
    {
        if (left.IsMistake || right.IsMistake) return Mistake;
        if (left.IsNull) return right with { IsNullable = true };
        if (right.IsNull) return left with { IsNullable = true };
        if (left.IsTruthOnly || right.IsTruthOnly || left.Comparable != right.Comparable || left.Item != right.Item) return null;
        return left with
        {
            IsNullable = left.IsNullable || right.IsNullable,
            IsInteger = left.IsInteger && right.IsInteger,
            Scale = Math.Max(left.Scale, right.Scale),
            Choice = ReferenceEquals(left.Choice, right.Choice) ? left.Choice : null,
        };
    }

    public static ImmutableArray<ValueKind> Ordered { get; } = [ValueKind.Number, ValueKind.Text, ValueKind.Date, ValueKind.DateTime, ValueKind.Time];
}
