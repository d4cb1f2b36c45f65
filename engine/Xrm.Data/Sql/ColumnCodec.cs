using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Sql;

/// <summary>How values travel between memory and PostgreSQL: the one place that knows both type systems. See <see cref="ColumnJson"/> for JSON.</summary>
public static class ColumnCodec
{
    /// <summary>Npgsql's name of a column type.</summary>
    public static NpgsqlDbType DbType(ColumnType type) => type switch
    {
        ColumnType.Text => NpgsqlDbType.Text,
        ColumnType.Integer => NpgsqlDbType.Bigint,
        ColumnType.Decimal => NpgsqlDbType.Numeric,
        ColumnType.Float => NpgsqlDbType.Double,
        ColumnType.Boolean => NpgsqlDbType.Boolean,
        ColumnType.Date => NpgsqlDbType.Date,
        ColumnType.Timestamp => NpgsqlDbType.TimestampTz,
        ColumnType.Time => NpgsqlDbType.Time,
        ColumnType.Uuid => NpgsqlDbType.Uuid,
        ColumnType.Json => NpgsqlDbType.Jsonb,
        ColumnType.TextList => NpgsqlDbType.Array | NpgsqlDbType.Text,
        ColumnType.IntegerList => NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        ColumnType.UuidList => NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>PostgreSQL's name of a column type, without precision, for casts: <c>bigint</c>.</summary>
    public static string SqlType(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Integer => "bigint",
        ColumnType.Decimal => "numeric",
        ColumnType.Float => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp with time zone",
        ColumnType.Time => "time without time zone",
        ColumnType.Uuid => "uuid",
        ColumnType.Json => "jsonb",
        ColumnType.TextList => "text[]",
        ColumnType.IntegerList => "bigint[]",
        ColumnType.UuidList => "uuid[]",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>A positional parameter that carries the value.</summary>
    /// <exception cref="InvalidCastException">The value is not of the column type's CLR type and cannot become it without loss.</exception>
    public static NpgsqlParameter Parameter(object? value, ColumnType type) => value is null ? Null(DbType(type)) : type switch
    {
        ColumnType.Text or ColumnType.Json => Typed((string)value, type),
        ColumnType.Integer => Typed(ToLong(value), type),
        ColumnType.Decimal => Typed(ToDecimal(value), type),
        ColumnType.Float => Typed(Convert.ToDouble(value, CultureInfo.InvariantCulture), type),
        ColumnType.Boolean => Typed((bool)value, type),
        ColumnType.Date => Typed((DateOnly)value, type),
        ColumnType.Timestamp => Typed(ToUtc(value), type),
        ColumnType.Time => Typed((TimeOnly)value, type),
        ColumnType.Uuid => Typed((Guid)value, type),
        ColumnType.TextList => Typed(ToArray<string>(value), type),
        ColumnType.IntegerList => Typed(ToArray<long>(value), type),
        ColumnType.UuidList => Typed(ToArray<Guid>(value), type),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>A positional parameter that carries many values of a scalar type as one array; nulls stay nulls.</summary>
    /// <exception cref="InvalidCastException">A value is not of the column type's CLR type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The type is itself a list.</exception>
    public static NpgsqlParameter ArrayParameter(IReadOnlyCollection<object?> values, ColumnType type) => type switch
    {
        ColumnType.Text or ColumnType.Json => Many(values.Select(value => (string?)value), type),
        ColumnType.Integer => Many(values.Select(value => value is null ? (long?)null : ToLong(value)), type),
        ColumnType.Decimal => Many(values.Select(value => value is null ? (decimal?)null : ToDecimal(value)), type),
        ColumnType.Float => Many(values.Select(value => value is null ? (double?)null : Convert.ToDouble(value, CultureInfo.InvariantCulture)), type),
        ColumnType.Boolean => Many(values.Select(value => (bool?)value), type),
        ColumnType.Date => Many(values.Select(value => (DateOnly?)value), type),
        ColumnType.Timestamp => Many(values.Select(value => value is null ? (DateTime?)null : ToUtc(value)), type),
        ColumnType.Time => Many(values.Select(value => (TimeOnly?)value), type),
        ColumnType.Uuid => Many(values.Select(value => (Guid?)value), type),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "An array of lists cannot be a parameter."),
    };

    /// <summary>Writes one value of a row that is copied into a table in PostgreSQL's binary form, where every type must be exact.</summary>
    /// <exception cref="InvalidCastException">The value is not of the column type's CLR type.</exception>
    public static Task CopyAsync(NpgsqlBinaryImporter importer, object? value, ColumnType type, CancellationToken ct) => value is null ? importer.WriteNullAsync(ct) : type switch
    {
        ColumnType.Text or ColumnType.Json => importer.WriteAsync((string)value, DbType(type), ct),
        ColumnType.Integer => importer.WriteAsync(ToLong(value), DbType(type), ct),
        ColumnType.Decimal => importer.WriteAsync(ToDecimal(value), DbType(type), ct),
        ColumnType.Float => importer.WriteAsync(Convert.ToDouble(value, CultureInfo.InvariantCulture), DbType(type), ct),
        ColumnType.Boolean => importer.WriteAsync((bool)value, DbType(type), ct),
        ColumnType.Date => importer.WriteAsync((DateOnly)value, DbType(type), ct),
        ColumnType.Timestamp => importer.WriteAsync(ToUtc(value), DbType(type), ct),
        ColumnType.Time => importer.WriteAsync((TimeOnly)value, DbType(type), ct),
        ColumnType.Uuid => importer.WriteAsync((Guid)value, DbType(type), ct),
        ColumnType.TextList => importer.WriteAsync(ToArray<string>(value), DbType(type), ct),
        ColumnType.IntegerList => importer.WriteAsync(ToArray<long>(value), DbType(type), ct),
        ColumnType.UuidList => importer.WriteAsync(ToArray<Guid>(value), DbType(type), ct),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Reads one value of a row; null for SQL null. The CLR type is the one that <see cref="ColumnType"/> names.</summary>
    public static object? Read(NpgsqlDataReader reader, int ordinal, ColumnType type) => reader.IsDBNull(ordinal) ? null : type switch
    {
        ColumnType.Text or ColumnType.Json => reader.GetString(ordinal),
        ColumnType.Integer => reader.GetInt64(ordinal),
        ColumnType.Decimal => reader.GetDecimal(ordinal),
        ColumnType.Float => reader.GetDouble(ordinal),
        ColumnType.Boolean => reader.GetBoolean(ordinal),
        ColumnType.Date => reader.GetFieldValue<DateOnly>(ordinal),
        ColumnType.Timestamp => reader.GetDateTime(ordinal),
        ColumnType.Time => reader.GetFieldValue<TimeOnly>(ordinal),
        ColumnType.Uuid => reader.GetGuid(ordinal),
        ColumnType.TextList => reader.GetFieldValue<string[]>(ordinal),
        ColumnType.IntegerList => reader.GetFieldValue<long[]>(ordinal),
        ColumnType.UuidList => reader.GetFieldValue<Guid[]>(ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static NpgsqlParameter<T> Typed<T>(T value, ColumnType type) => new() { TypedValue = value, NpgsqlDbType = DbType(type) };

    private static NpgsqlParameter<T[]> Many<T>(IEnumerable<T> values, ColumnType type) =>
        new() { TypedValue = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | DbType(type) };

    private static NpgsqlParameter Null(NpgsqlDbType type) => new() { Value = DBNull.Value, NpgsqlDbType = type };

    private static long ToLong(object value) => value switch
    {
        long number => number,
        int number => number,
        decimal number when decimal.IsInteger(number) => (long)number,
        _ => throw new InvalidCastException($"{value.GetType().Name} is not a whole number."),
    };

    private static decimal ToDecimal(object value) => value switch
    {
        decimal number => number,
        long number => number,
        int number => number,
        _ => throw new InvalidCastException($"{value.GetType().Name} is not an exact number."),
    };

    private static DateTime ToUtc(object value) => value switch
    {
        DateTime { Kind: DateTimeKind.Utc } time => time,
        DateTimeOffset time => time.UtcDateTime,
        _ => throw new InvalidCastException("A time must be in UTC."),
    };

    private static T[] ToArray<T>(object value) => value as T[] ?? [.. (IEnumerable<T>)value];
}
