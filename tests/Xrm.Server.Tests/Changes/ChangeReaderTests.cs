using Npgsql;
using Xrm.Data.Changes;
using Xrm.Data.Errors;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Changes;

/// <summary>Following the changes while transactions commit in any order.</summary>
public sealed class ChangeReaderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ChangeReader _reader = new(database.Database);

    [Fact]
    public async Task Change_that_was_written_first_and_committed_last_is_not_left_out_and_no_other_comes_twice()
    {
        var position = await _reader.NowAsync(CancellationToken.None);
        await using var slow = await BeginAsync("slow");
        await using var quick = await BeginAsync("quick");
        await CommitAsync(quick);
        var (first, behind) = await ReadAsync(position);
        Assert.Equal(["quick"], first);
        Assert.Empty((await ReadAsync(behind)).Entities);
        await CommitAsync(slow);
        await WriteAsync("late");
        Assert.Equal(["slow", "late"], (await ReadAsync(behind)).Entities);
        Assert.Equal(["slow", "quick", "late"], (await ReadAsync(position)).Entities);
    }

    [Fact]
    public async Task Stretch_that_is_under_way_ends_where_it_did_when_it_began()
    {
        var position = await _reader.NowAsync(CancellationToken.None);
        foreach (var name in new[] { "a", "b", "c" }) await WriteAsync(name);
        var page = await _reader.ReadAsync(position, new ChangeQuery(null, false, 2), CancellationToken.None);
        Assert.Equal(("a b", true), (string.Join(' ', page.Changes.Select(change => change.Entity)), page.HasMore));
        await WriteAsync("d");
        // Whoever saw only the first goes on with the second.
        Assert.Equal(["b", "c"], (await ReadAsync(ChangePosition.Parse(page.Behind(page.Changes[0]).ToString()))).Entities);
        var (rest, behind) = await ReadAsync(page.Next);
        Assert.Equal(["c"], rest);
        Assert.Equal(["d"], (await ReadAsync(behind)).Entities);
    }

    [Fact]
    public async Task Changes_that_are_undone_never_were()
    {
        var position = await _reader.NowAsync(CancellationToken.None);
        await using (await BeginAsync("undone"))
        {
        }
        await WriteAsync("done");
        Assert.Equal(["done"], (await ReadAsync(position)).Entities);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_read()
    {
        var position = await _reader.NowAsync(CancellationToken.None);
        foreach (var name in new[] { "wanted", "other" }) await WriteAsync(name);
        var page = await _reader.ReadAsync(position, new ChangeQuery(["wanted"], true, 10), CancellationToken.None);
        var change = Assert.Single(page.Changes);
        Assert.Equal(("wanted", """{"x": 1}""", "x"), (change.Entity, change.Values, string.Join(',', change.Changed)));
    }

    [Fact]
    public async Task Whoever_is_behind_what_was_forgotten_is_told_so()
    {
        await using var own = await TestDatabase.CreateAsync();
        var reader = new ChangeReader(own.Database);
        var position = await reader.NowAsync(CancellationToken.None);
        await using (var command = own.Database.Source.CreateCommand(Insert("old"))) await command.ExecuteNonQueryAsync();
        Assert.Equal(1, await reader.ForgetAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1), 10, CancellationToken.None));
        Assert.Equal("changes_gone", await CodeAsync(reader, position));
        // A transaction of another database of this server that began before the event was written holds positions back until it ends.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        ChangePage? page = null;
        while (page is null)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                page = await reader.ReadAsync(await reader.NowAsync(limit.Token), new ChangeQuery(null, false, 10), limit.Token);
            }
            catch (XrmException gone) when (gone.Code == "changes_gone")
            {
                await Task.Delay(20, limit.Token);
            }
        }
        Assert.Empty(page.Changes);
    }

    [Fact]
    public async Task Position_of_another_history_or_of_the_future_is_refused()
    {
        var now = await _reader.NowAsync(CancellationToken.None);
        Assert.Equal("changes_gone", await CodeAsync(_reader, now with { Lineage = "7-1" }));
        Assert.Equal("changes_gone", await CodeAsync(_reader, now with { From = new ChangeSnapshot(now.From.Next + 900_000, now.From.Next + 900_000, []) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1-1!5:4:")]
    [InlineData("1-1!5:9:9")]
    [InlineData("1-1!5:9:7,6")]
    [InlineData("1-1!5:9:'; drop table x")]
    [InlineData("1-1!5:9:!5:8:!1")]
    [InlineData("1-1!5:9:!5:9:!-1")]
    [InlineData("1-1!5:9:!5:9:")]
    public void Text_that_is_no_position_is_refused(string text) =>
        Assert.Equal("invalid_token", Assert.Throws<XrmException>(() => ChangePosition.Parse(text)).Code);

    private static async Task<string?> CodeAsync(ChangeReader reader, ChangePosition position) =>
        (await Assert.ThrowsAsync<XrmException>(() => reader.ReadAsync(position, new ChangeQuery(null, false, 10), CancellationToken.None))).Code;

    private async Task<(string[] Entities, ChangePosition Next)> ReadAsync(ChangePosition position)
    {
        var page = await _reader.ReadAsync(position, new ChangeQuery(null, false, 100), CancellationToken.None);
        return ([.. page.Changes.Select(change => change.Entity)], page.Next);
    }

    private static string Insert(string entity) => $$"""
        insert into org_main._outbox (event, entity, record_id, version, payload) values ('updated', '{{entity}}', gen_random_uuid(), 2, '{"values": {"x": 1}, "changed": ["x"]}')
        """;

    private async Task WriteAsync(string entity) => await CommitAsync(await BeginAsync(entity));

    private async Task<NpgsqlConnection> BeginAsync(string entity)
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"begin; {Insert(entity)}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task CommitAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("commit", connection);
        await command.ExecuteNonQueryAsync();
        await connection.CloseAsync();
    }
}
