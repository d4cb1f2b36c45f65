using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>A value written in the formula.</summary>
internal sealed class ConstantNode(object? value, FormulaType type) : Node(type)
{
    public object? Value { get; } = value;

    public override bool IsSimple => true;

    public static ConstantNode Of(object? value) => value switch
    {
        null => new(null, FormulaType.Null),
        bool => new(value, FormulaType.Answer),
        string => new(value, FormulaType.Text with { IsNullable = false }),
        decimal number => new(number, number == decimal.Truncate(number)
            ? FormulaType.Integer with { IsNullable = false }
            : FormulaType.Number with { IsNullable = false, Scale = number.Scale }),
        DateOnly => new(value, FormulaType.Date with { IsNullable = false }),
        DateTime => new(value, FormulaType.DateTime with { IsNullable = false }),
        TimeOnly => new(value, new FormulaType(ValueKind.Time) { IsNullable = false }),
        Guid => new(value, new FormulaType(ValueKind.Reference) { IsNullable = false }),
        _ => throw new ArgumentException($"No constant is a {value.GetType()}.", nameof(value)),
    };

    public override object? Evaluate(Evaluation evaluation) => Value;

    public override void Write(SqlText sql)
    {
        if (Value is null) sql.Text("null");
        else if (Value is bool answer) sql.Text(answer ? "true" : "false");
        else sql.Value(Stored.Plain(Value, ColumnType), ColumnType);
    }

    public override void WriteNumeric(SqlText sql)
    {
        if (Value is null) sql.Text("cast(null as numeric)");
        else sql.Value(Value, Metadata.FieldTypes.ColumnType.Decimal);
    }

    private ColumnType ColumnType => Value switch
    {
        string => ColumnType.Text,
        decimal => Type.IsInteger ? ColumnType.Integer : ColumnType.Decimal,
        DateOnly => ColumnType.Date,
        DateTime => ColumnType.Timestamp,
        TimeOnly => ColumnType.Time,
        _ => ColumnType.Uuid,
    };
}
