using System.Globalization;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>The constant default of a field as SQL, for rows that a new required column finds.</summary>
internal static class DefaultLiteral
{
    /// <returns>A typed literal; null where the field has no constant default.</returns>
    public static string? Of(Field field)
    {
        if (field.DefaultValue is not { } json || field.Column is not { } column) return null;
        if (field.Type.Read(json, field, column) is not { Ok: true, Value: { } value }) return null;
        return $"{SqlName.Literal(Text(value))}::{SchemaType.Of(column).Replace(" collate \"C\"", "")}";
    }

    private static string Text(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        string[] list => $"{{{string.Join(',', list.Select(item => $"\"{item.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""))}}}",
        long[] list => $"{{{string.Join(',', list)}}}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
