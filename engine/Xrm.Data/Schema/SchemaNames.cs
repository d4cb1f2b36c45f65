using System.Security.Cryptography;
using System.Text;

namespace Xrm.Data.Schema;

/// <summary>
/// Names of indexes and constraints. Dots divide the parts: no entity or field has one in its name, so that two different things never
/// get one name (<c>a_b</c> + <c>c</c> and <c>a</c> + <c>b_c</c> would, with underscores).
/// </summary>
internal static class SchemaNames
{
    private const int MaxBytes = 63;

    public static string PrimaryKey(string table) => Shorten($"{table}.pk");

    public static string Key(string table, IEnumerable<string> columns) => Shorten($"{table}.{string.Join('.', columns)}.key");

    public static string Index(string table, IEnumerable<string> columns) => Shorten($"{table}.{string.Join('.', columns)}.idx");

    public static string ForeignKey(string table, string column) => Shorten($"{table}.{column}.fk");

    /// <summary>A table has one index for search of each kind; no names of other indexes have two parts but those of the primary key, the recycle bin and the only row.</summary>
    public static string Search(string table, IndexKind kind) => Shorten(kind == IndexKind.FullText ? $"{table}.fulltext" : $"{table}.trigrams");

    /// <summary>The index that lets a table have one row.</summary>
    public static string OnlyRow(string table) => Shorten($"{table}.only");

    public static string RecycleBin(string table) => Shorten($"{table}.deleted");

    /// <summary>PostgreSQL cuts names at 63 bytes, silently; a hash of the whole name keeps shortened ones apart.</summary>
    private static string Shorten(string name) => name.Length <= MaxBytes
        ? name
        : $"{name[..(MaxBytes - 9)]}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
}
