using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Server.OData;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Queries;

/// <summary>The tables of <see cref="QueryModel"/> with a few rows, and ways to ask for them.</summary>
public sealed class QueryDatabase : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public Database Database => _database.Database;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync("queries", PrepareAsync);

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    /// <summary>The whole answer to a list.</summary>
    internal async Task<JsonObject> ListAsync(string collection, string url, params string[] roles) => await ListAsync(collection, url, QueryModel.Person(roles));

    internal async Task<JsonObject> ListAsync(string collection, string url, Caller caller)
    {
        var plan = QueryPlan.For(collection, ODataUrl.Parse(url), QueryModel.Context(caller));
        var output = new ArrayBufferWriter<byte>();
        var pipe = PipeWriter.Create(new BufferStream(output));
        await new RecordReader(Database).WriteListAsync(plan, pipe, new ListLinks("ctx", () => "next"), CancellationToken.None);
        await pipe.CompleteAsync();
        return JsonNode.Parse(Encoding.UTF8.GetString(output.WrittenSpan))!.AsObject();
    }

    /// <summary>One property of each row, in order, as text.</summary>
    internal async Task<string> ValuesAsync(string collection, string property, string url, params string[] roles)
    {
        var answer = await ListAsync(collection, url, roles);
        return string.Join(' ', answer["value"]!.AsArray().Select(row => row![property]?.ToJsonString().Trim('"') ?? "null"));
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task PrepareAsync(Database database)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        var tables = string.Concat(QueryModel.Published.Model.Entities.Select(entity => CreateTable(database.Schema, entity)));
        await new NpgsqlCommand(tables, connection).ExecuteNonQueryAsync();
        await new NpgsqlCommand($"set search_path to {database.Schema};\n{QueryRows.Sql}", connection).ExecuteNonQueryAsync();
    }

    private static string CreateTable(string schema, Entity entity)
    {
        var columns = entity.Fields.Where(field => QueryModel.Published.Formulas.IsStored(field)).SelectMany(field => field.Columns)
            .Select(column => $"\"{column.Name}\" {ColumnCodec.SqlType(column.Type)}{(column.Name switch { "id" => " primary key", "version" => " not null default 1", _ => "" })}");
        return $"create table \"{schema}\".\"{entity.Plural}\" ({string.Join(", ", columns)});\n";
    }

    private sealed class BufferStream(ArrayBufferWriter<byte> output) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            output.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
