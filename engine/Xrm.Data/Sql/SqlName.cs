using System.Text;

namespace Xrm.Data.Sql;

/// <summary>Quoting of identifiers and of the few literals that DDL cannot take as parameters.</summary>
internal static class SqlName
{
    /// <summary>The identifier in double quotes.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";

    /// <summary>Table in its schema, both quoted.</summary>
    public static string Quote(string schema, string table) => $"{Quote(schema)}.{Quote(table)}";

    /// <summary>Quoted identifiers with commas.</summary>
    public static string List(IEnumerable<string> identifiers) => string.Join(", ", identifiers.Select(Quote));

    /// <summary>The text as a literal, for DDL (a comment, say), which takes no parameters.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    public static void AppendQuoted(StringBuilder text, string identifier)
    {
        text.Append('"');
        if (identifier.Contains('"')) text.Append(identifier.Replace("\"", "\"\""));
        else text.Append(identifier);
        text.Append('"');
    }
}
