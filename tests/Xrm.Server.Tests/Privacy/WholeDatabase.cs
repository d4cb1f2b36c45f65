using System.Text;
using Npgsql;

namespace Xrm.Server.Tests.Privacy;

/// <summary>Looks for a text in every column of every table, as somebody with a copy of the database would.</summary>
internal static class WholeDatabase
{
    /// <summary>Tables with rows that hold the text, be it as bytes; the text may be in any letters' case.</summary>
    public static async Task<IReadOnlyList<string>> TablesWithAsync(string connectionString, string text)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand("select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1", connection))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        Assert.Contains("org_main._audit", tables);
        Assert.Contains("xrm.\"user\"", tables);
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"select t::text from {table} t where t::text ilike '%' || $1 || '%' or t::text ilike '%' || $2 || '%' limit 1", connection);
            command.Parameters.Add(new NpgsqlParameter { Value = text });
            command.Parameters.Add(new NpgsqlParameter { Value = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) });
            if (await command.ExecuteScalarAsync() is string row) found.Add($"{table}: {row}");
        }
        return found;
    }
}
