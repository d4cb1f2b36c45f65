using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>An instant: date, time and offset as in RFC 3339 (<c>2026-11-22T14:30:00+01:00</c>), kept in UTC to the microsecond.</summary>
public sealed partial class DateTimeType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "datetime";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.DateTime;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Timestamp)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "a date and time as text, e.g. \"2026-11-22T14:30:00Z\"");
        if (text is null) return error;
        if (text.Length == 0) return default;
        var match = Instant().Match(text);
        if (!match.Success) return ValueErrors.DateTime();
        if (!DateOnly.TryParseExact(match.Groups[1].ValueSpan, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || ClockTime.Read(match.Groups[2].Value) is not { } time) return ValueErrors.DateTime();
        if (match.Groups[3].Length == 0) return ValueErrors.OffsetMissing();
        if (OffsetTicks(match.Groups[3].Value) is not { } offset) return ValueErrors.DateTime();
        var ticks = date.DayNumber * TimeSpan.TicksPerDay + time - offset;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks
            ? ValueErrors.OutOfRange("the years 1 to 9999 in UTC")
            : new(new DateTime(ticks, DateTimeKind.Utc));
    }

    private static long? OffsetTicks(string offset)
    {
        if (offset is "Z" or "z") return 0;
        return ClockTime.Read(offset[1..]) is { } ticks ? (offset[0] == '-' ? -ticks : ticks) : null;
    }

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,18})?)([Zz]|[+-][0-9]{2}:[0-9]{2}|)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();
}
