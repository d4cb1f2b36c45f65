namespace Xrm.Data.Schema;

/// <summary>
/// What the engine notes at tables and columns in their comments, so that the database explains itself and the plan needs no other source:
/// <c>xrm entity=contract formerly=agreement retired</c>, <c>xrm field=account computation=1f0a33c2 retired</c>,
/// <c>xrm fulltext=german:1tt columns=number,title</c>, <c>xrm detached</c>.
/// </summary>
internal static class SchemaComment
{
    private const string Mark = "xrm";
    private const string Retired = "retired";
    private const string Detached = "detached";
    private const string FullText = "fulltext";
    private const string Trigrams = "trigrams";

    public static string Write(Table table)
    {
        var parts = new List<string> { Mark, $"entity={table.Entity}" };
        if (table.FormerEntity is { } former) parts.Add($"formerly={former}");
        if (table.IsRetired) parts.Add(Retired);
        if (table.IsDetached) parts.Add(Detached);
        return string.Join(' ', parts);
    }

    public static string? Write(TableColumn column)
    {
        var parts = new List<string>();
        if (column.Field != column.Name) parts.Add($"field={column.Field}");
        if (column.FormerName is { } former) parts.Add($"formerly={former}");
        if (column.Computation is { } computation) parts.Add($"computation={computation}");
        if (column.IsRetired) parts.Add(Retired);
        if (column.IsDetached) parts.Add(Detached);
        return parts.Count == 0 ? null : $"{Mark} {string.Join(' ', parts)}";
    }

    public static string? Write(TableIndex index) => index.IsForSearch
        ? $"{Mark} {(index.Kind == IndexKind.FullText ? FullText : Trigrams)}={index.Search} columns={string.Join(',', index.Columns)}"
        : null;

    /// <summary>The index as its comment describes it: the catalogue only knows its expression.</summary>
    public static TableIndex Read(string? comment, TableIndex index)
    {
        var (kind, search) = Read(comment, FullText) is { } language ? (IndexKind.FullText, language) : (IndexKind.Trigrams, Read(comment, Trigrams));
        return search is null ? index : index with { Kind = kind, Search = search, Columns = [.. (Read(comment, "columns") ?? "").Split(',')] };
    }

    public static bool IsRetired(string? comment) => Parts(comment).Contains(Retired);

    public static bool IsDetached(string? comment) => Parts(comment).Contains(Detached);

    public static string? Read(string? comment, string key) => Parts(comment)
        .Where(part => part.StartsWith(key + "=", StringComparison.Ordinal))
        .Select(part => part[(key.Length + 1)..])
        .FirstOrDefault();

    private static string[] Parts(string? comment) => comment?.Split(' ') is [Mark, ..] parts ? parts : [];
}
