using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A time of day, as <c>14:30</c> or <c>14:30:15</c>, kept to the microsecond.</summary>
public sealed class TimeType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "time";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Time;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Time)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "a time of day as text, e.g. \"14:30\"");
        if (text is null) return error;
        if (text.Length == 0) return default;
        return ClockTime.Read(text) is { } ticks ? new(new TimeOnly(ticks)) : ValueErrors.Time();
    }
}
