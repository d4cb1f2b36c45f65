using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A binary floating-point number, for measurements; use decimal where digits matter.</summary>
public sealed class FloatType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "float";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Float;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["min", "max"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search", "unique"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Float)];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) => SettingChecks.Limits(field, decimal.MinValue, decimal.MaxValue, whole: false);

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        if (json.ValueKind != JsonValueKind.Number) return ValueErrors.WrongType("a number");
        if (!json.TryGetDouble(out var value) || !double.IsFinite(value))
            return ValueErrors.OutOfRange($"{double.MinValue.ToString(CultureInfo.InvariantCulture)} to {double.MaxValue.ToString(CultureInfo.InvariantCulture)}");
        if (field.Source.Min is { } min && value < (double)min) return ValueErrors.TooSmall(min);
        if (field.Source.Max is { } max && value > (double)max) return ValueErrors.TooLarge(max);
        // Minus zero prints differently from zero and sorts like it: there is one zero.
        return new(value == 0 ? 0d : value);
    }
}
