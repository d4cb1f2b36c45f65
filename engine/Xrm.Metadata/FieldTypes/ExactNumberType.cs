using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types that store an exact decimal number of <c>precision</c> digits in all, <c>scale</c> of them after the point.</summary>
public abstract class ExactNumberType : FieldType
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Number;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["min", "max", "precision", "scale"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <summary>Digits in all of a field that does not say <c>precision</c>.</summary>
    protected const int DefaultPrecision = 19;

    /// <summary>Digits after the point of a field that does not say <c>scale</c>.</summary>
    protected const int DefaultScale = 2;

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [AmountColumn(field)];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        var (precision, scale) = Digits(field);
        if (precision is < 1 or > ExactNumber.MostDigits)
            return [new("precision", $"precision is {SettingChecks.Text(precision)}.", $"Give a number of digits from 1 to {SettingChecks.Text(ExactNumber.MostDigits)}.")];
        if (scale < 0 || scale > precision)
            return [new("scale", $"scale is {SettingChecks.Text(scale)}, but the field has {SettingChecks.Text(precision)} digits in all.", $"Give a scale from 0 to {SettingChecks.Text(precision)}, or a greater precision.")];
        var largest = Largest(precision, scale);
        return SettingChecks.Limits(field, -largest, largest, whole: scale == 0);
    }

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var result = ExactNumber.Read(json, column.Precision, column.Scale);
        if (result.Value is not decimal value) return result;
        if (value < field.Source.Min) return ValueErrors.TooSmall(field.Source.Min.Value);
        if (value > field.Source.Max) return ValueErrors.TooLarge(field.Source.Max.Value);
        return result;
    }

    /// <summary>The column of the number itself.</summary>
    protected static Column AmountColumn(Source.Field field)
    {
        var (precision, scale) = Digits(field);
        return new(field.Name, ColumnType.Decimal) { Precision = precision, Scale = scale };
    }

    private static (int Precision, int Scale) Digits(Source.Field field) => (field.Precision ?? DefaultPrecision, field.Scale ?? DefaultScale);

    private static decimal Largest(int precision, int scale)
    {
        var largest = 0m;
        for (var digit = 0; digit < precision; digit++) largest = largest * 10 + 9;
        for (var digit = 0; digit < scale; digit++) largest /= 10;
        return largest;
    }
}
