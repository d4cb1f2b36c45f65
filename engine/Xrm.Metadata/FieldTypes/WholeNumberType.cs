using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types that store one whole number of 64 bits.</summary>
public abstract class WholeNumberType : FieldType
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Number;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["min", "max"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Integer)];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) => SettingChecks.Limits(field, long.MinValue, long.MaxValue, whole: true);

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => ReadWhole(json, field.Source.Min, field.Source.Max);

    /// <summary>A whole number between limits. <c>5.0</c> and <c>5e0</c> are whole numbers, as in JSON Schema.</summary>
    internal static ReadResult ReadWhole(JsonElement json, decimal? min, decimal? max)
    {
        var exact = ExactNumber.Read(json, ExactNumber.MostDigits, 0);
        if (exact.Code == "too_many_decimals") return ValueErrors.NotWhole();
        if (exact.Code == "wrong_type") return ValueErrors.WrongType("a whole number");
        if (exact.Value is not decimal value || value < long.MinValue || value > long.MaxValue)
            return ValueErrors.OutOfRange($"{SettingChecks.Text(long.MinValue)} to {SettingChecks.Text(long.MaxValue)}");
        if (value < min) return ValueErrors.TooSmall(min.Value);
        if (value > max) return ValueErrors.TooLarge(max.Value);
        return new((long)value);
    }
}
