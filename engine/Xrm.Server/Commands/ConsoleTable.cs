namespace Xrm.Server.Commands;

/// <summary>Rows in aligned columns, for people.</summary>
internal static class ConsoleTable
{
    /// <summary>Writes the rows to standard output, each column as wide as its widest cell.</summary>
    public static async Task WriteAsync(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) return;
        var widths = Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0)).ToArray();
        foreach (var row in rows)
            await Console.Out.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
