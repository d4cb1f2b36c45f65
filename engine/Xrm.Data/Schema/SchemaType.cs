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
