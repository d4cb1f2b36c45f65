using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Values;

/// <summary>Between the values of columns and those of formulas.</summary>
internal static class Stored
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>A column's value as formulas see it.</summary>
    public static object? Read(object? value) => value switch
    {
        long number => (decimal)number,
        int number => (decimal)number,
        double number => Exact.FromFloat(number),
        string[] list => Array.ConvertAll(list, item => (object)item),
        long[] list => Array.ConvertAll(list, item => (object)(decimal)item),
        Guid[] list => Array.ConvertAll(list, item => (object)item),
        _ => value,
    };

    /// <summary>A formula's value as the column holds it; null where the column has no room for it.</summary>
    public static object? Fit(object? value, Column column) => value is null ? null : column.Type switch
    {
        ColumnType.Integer => Exact.Round((decimal)value, 0) is { } number && number is >= long.MinValue and <= long.MaxValue ? (long)number : null,
        ColumnType.Decimal => Exact.Round((decimal)value, column.Scale) is { } number && Math.Abs(number) < PowerOfTen(column.Precision - column.Scale) ? number : null,
        ColumnType.Float => (double)(decimal)value,
        _ => Plain(value, column.Type),
    };

    /// <summary>A formula's value as a parameter or result of that type.</summary>
    public static object Plain(object value, ColumnType type) => type switch
    {
        ColumnType.Integer => (long)(decimal)value,
        ColumnType.TextList => Array.ConvertAll((object[])value, item => (string)item),
        ColumnType.IntegerList => Array.ConvertAll((object[])value, item => (long)(decimal)item),
        ColumnType.UuidList => Array.ConvertAll((object[])value, item => (Guid)item),
        _ => value,
    };

    /// <summary>10 to that power, or the largest decimal where that is smaller.</summary>
    public static decimal PowerOfTen(int exponent)
    {
        if (exponent > 28) return decimal.MaxValue;
        var power = 1m;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }

    /// <summary>Instants have microseconds, as in PostgreSQL.</summary>
    public static DateTime Instant(DateTime value) => new(value.Ticks - (value.Ticks % TicksPerMicrosecond), DateTimeKind.Utc);
}
