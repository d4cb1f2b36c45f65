using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Schema;

/// <summary>Column types as PostgreSQL writes them.</summary>
internal static class SchemaType
{
    /// <summary>Texts compare by bytes: the only order that serves starts-with filters, and the same on every machine. Lists for people are sorted by a collation of the query.</summary>
    public const string Text = "text collate \"C\"";

    public static string Of(Column column) => column.Type switch
    {
        ColumnType.Text => Text,
        ColumnType.Decimal when column.Precision > 0 => $"numeric({column.Precision},{column.Scale})",
        _ => ColumnCodec.SqlType(column.Type),
    };

    /// <summary>For <c>cast(… as …)</c>, which takes no collation.</summary>
    public static string ForCast(Column column) => column.Type == ColumnType.Text ? ColumnCodec.SqlType(column.Type) : Of(column);

    /// <summary>
    /// Where a column stands in a new table: those of a fixed width first, wide before narrow, so that PostgreSQL leaves no gaps between
    /// them; and those that always have a value before the others, so that it finds them without counting through the row.
    /// </summary>
    public static int Place(string type, bool isRequired)
    {
        var width = type switch
        {
            "timestamp with time zone" or "bigint" or "double precision" or "time without time zone" => 0,
            "uuid" => 1,
            "date" => 2,
            "boolean" => 3,
            _ => -1,
        };
        return width < 0 ? 8 : isRequired ? width : 4 + width;
    }

    /// <summary>For people.</summary>
    public static string Describe(string type) => type == Text ? "text" : type;

    /// <summary>Digits of a <c>numeric(p,s)</c>; null for other types.</summary>
    public static (int Precision, int Scale)? Digits(string type)
    {
        if (!type.StartsWith("numeric(", StringComparison.Ordinal)) return null;
        var parts = type["numeric(".Length..^1].Split(',');
        return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
