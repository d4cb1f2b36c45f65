using System.Buffers;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
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
        var (query, context) = (ODataUrl.Parse(url), QueryModel.Context(caller));
        var output = new ArrayBufferWriter<byte>();
        var pipe = PipeWriter.Create(new BufferStream(output));
        var reader = new RecordReader(Database);
        if (query.KeepsRecords) await reader.WriteListAsync(reader.List(QueryPlan.For(collection, query, context), "root"), pipe, new ListLinks("ctx", _ => "next"), CancellationToken.None);
        else await new SummaryReader(Database).WriteAsync(SummaryPlan.For(collection, query, context), pipe, "ctx", () => "next", CancellationToken.None);
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
        var store = new PackageStore(database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var current = new CurrentModel(loader);
        await current.LoadAsync(CancellationToken.None);
        var request = new PublishRequest([QueryModel.Files], FrozenSet<string>.Empty, null, Caller.System);
        var result = await new Publisher(database, store, loader, current).PublishAsync(request, [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems);
        await using var command = database.Source.CreateCommand(QueryRows.Sql);
        await command.ExecuteNonQueryAsync();
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
