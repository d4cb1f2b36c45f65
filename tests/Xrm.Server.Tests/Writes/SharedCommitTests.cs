using Dapper;

namespace Xrm.Server.Tests.Writes;

/// <summary>Saves of many requests at once, which may be committed together.</summary>
[Collection(nameof(SalesCollection))]
public sealed class SharedCommitTests(SalesApplication sales)
{
    [Fact]
    public async Task Saves_at_once_share_transactions_and_each_has_its_record_its_history_and_its_event()
    {
        var answers = await AtOnce(Enumerable.Range(1, 150).Select(number => $$"""{ "name": "Shared {{number}}" }"""));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        var written = await WrittenAsync("Shared %");
        Assert.Equal((150, 150, 150), (written.Records, written.History, written.Events));
        Assert.InRange(written.Transactions, 1, 149);
    }

    [Fact]
    public async Task What_is_refused_of_one_is_refused_of_no_other()
    {
        var answers = await AtOnce(Enumerable.Range(1, 120).Select(number => $$"""{ "name": "Twice {{number % 60}}" }"""));
        Assert.Equal((60, 60), (answers.Count(answer => answer.Status == 201), answers.Count(answer => answer is { Status: 409 } && answer["code"] == "not_unique")));
        var written = await WrittenAsync("Twice %");
        Assert.Equal((60, 60, 60), (written.Records, written.History, written.Events));
    }

    [Fact]
    public async Task Updates_at_once_of_few_records_are_all_carried_out()
    {
        var ids = await Task.WhenAll(Enumerable.Range(1, 4).Select(_ => sales.SaleAsync()));
        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(number => sales.Admin.PatchAsync($"/api/data/sales/{ids[number % 4]}", $$"""{ "days": {{number}} }""")));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 200, 503 }));
        foreach (var id in ids)
        {
            var carriedOut = answers.Count(answer => answer.Status == 200 && answer["id"] == id);
            Assert.Equal($"{1 + carriedOut}", (await sales.Admin.GetAsync($"/api/data/sales/{id}"))["version"]);
        }
    }

    [Fact]
    public async Task Who_waits_for_a_lock_does_not_hold_up_the_others()
    {
        await using var connection = await sales.App.Database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("insert into org_main.customers (id, name, created_at, modified_at, version) values (gen_random_uuid(), 'Held', now(), now(), 1)", transaction: transaction);
        var held = sales.Admin.PostAsync("/api/data/customers", """{ "name": "Held" }""");
        for (var turn = 0; turn < 3; turn++)
        {
            var answers = await AtOnce(Enumerable.Range(1, 20).Select(number => $$"""{ "name": "Free {{turn}} {{number}}" }"""));
            Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        }
        Assert.False(held.IsCompleted);
        await transaction.RollbackAsync();
        Assert.Equal(201, (await held).Status);
    }

    private Task<Answer[]> AtOnce(IEnumerable<string> customers) => Task.WhenAll(customers.Select(json => sales.Admin.PostAsync("/api/data/customers", json)));

    private async Task<(long Records, long History, long Events, long Transactions)> WrittenAsync(string name)
    {
        await using var connection = await sales.App.Database.OpenAsync(CancellationToken.None);
        return await connection.QuerySingleAsync<(long, long, long, long)>("""
            select count(*), (select count(*) from org_main._audit where record_id = any(array_agg(c.id)) and operation = 'create'),
                   (select count(*) from org_main._outbox where record_id = any(array_agg(c.id)) and event = 'created'),
                   (select count(distinct xid::text) from org_main._outbox where record_id = any(array_agg(c.id)))
            from org_main.customers c where name like @name
            """, new { name });
    }
}
