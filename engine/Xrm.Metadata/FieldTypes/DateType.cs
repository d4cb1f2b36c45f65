using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A day of the calendar, without time and zone, as <c>2026-11-22</c>.</summary>
public sealed class DateType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "date";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Date;

    /// <inheritdoc/>
    public override ImmutableArray<string> Masks => ["none", "year"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Date)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "a date as text, e.g. \"2026-11-22\"");
        if (text is null) return error;
        if (text.Length == 0) return default;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? new(date) : ValueErrors.Date();
    }
}
