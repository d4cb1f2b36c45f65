using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;

namespace Xrm.Data.Queries;

/// <summary>Runs searches in single entities.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class SearchReader(Database database)
{
    // Version, id, score and subtitle come before the values.
    private const int FirstValue = 4;

    /// <summary>The records that fit best, best first: at most one more than are counted.</summary>
    /// <param name="search">The search.</param>
    /// <param name="similar">Take words that are like those searched for.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="XrmException">503 where the database cannot be reached.</exception>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(EntitySearch search, bool similar, CancellationToken ct)
    {
        if ((similar ? search.Similar : search.Plan) is not { } plan) return [];
        await using var connection = await database.OpenAsync(ct);
        await using var batch = new NpgsqlBatch(connection).Within(plan.TimeLimit);
        if (similar) batch.BatchCommands.Add(new NpgsqlBatchCommand(SearchSql.SetLeastSimilarity));
        batch.BatchCommands.Add(SelectSql.Rows(plan, database.Schema).ToBatchCommand());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (similar) await reader.NextResultAsync(ct);
        var (columns, hits) = (plan.Rows.Row.Columns, new List<SearchHit>());
        while (await reader.ReadAsync(ct))
        {
            var values = search.Fields.Select((_, index) => ColumnCodec.Read(reader, FirstValue + index, columns[FirstValue + index - 1].Term.Type)).ToImmutableArray();
            hits.Add(new SearchHit(reader.GetGuid(1), reader.GetInt64(2), ColumnCodec.Read(reader, FirstValue - 1, columns[2].Term.Type), values));
        }
        return hits;
    }
}
