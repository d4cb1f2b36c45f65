using System.Globalization;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Records;

/// <summary>New rows of a transaction that wait to be sent together, table by table in the order in which the tables first occurred.</summary>
internal sealed class RowQueue
{
    private readonly List<(RowTarget Target, List<NewRow> Rows)> _tables = [];

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _tables.Count == 0;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(RowTarget target, NewRow row)
    {
        Count++;
        var index = _tables.FindIndex(table => table.Target == target);
        if (index >= 0) _tables[index].Rows.Add(row);
        else _tables.Add((target, [row]));
    }

    /// <summary>Sends all rows, by one <c>copy</c> for each table.</summary>
    /// <exception cref="XrmException">The database refused a row; the error says which one.</exception>
    public async Task SendAsync(NpgsqlConnection connection, string schema, Model model, CancellationToken ct)
    {
        foreach (var (target, rows) in _tables)
        {
            try
            {
                await CopyAsync(connection, target, schema, rows, ct);
            }
            catch (PostgresException refused) when (DatabaseErrors.Translate(refused, model) is { } known)
            {
                throw known.At(RowOf(refused, rows)?.Path ?? "");
            }
        }
    }

    private static async Task CopyAsync(NpgsqlConnection connection, RowTarget target, string schema, List<NewRow> rows, CancellationToken ct)
    {
        await using var importer = await connection.BeginBinaryImportAsync(target.Copy(schema), ct);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(ct);
            for (var index = 0; index < row.Values.Length; index++) await Sql.ColumnCodec.CopyAsync(importer, row.Values[index], target.Columns[index].Type, ct);
        }
        await importer.CompleteAsync(ct);
    }

    /// <summary>PostgreSQL says in the context of the error at which line it was: <c>COPY contacts, line 12, column name</c>.</summary>
    private static NewRow? RowOf(PostgresException refused, List<NewRow> rows)
    {
        const string Mark = ", line ";
        if (refused.Where is not { } where || where.IndexOf(Mark, StringComparison.Ordinal) is not (> 0 and var found)) return null;
        var digits = where.AsSpan(found + Mark.Length);
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        if (length >= 0) digits = digits[..length];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line >= 1 && line <= rows.Count ? rows[line - 1] : null;
    }
}
