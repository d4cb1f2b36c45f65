namespace Xrm.Server.Tests.Writes;

/// <summary>What a rollup of each kind gives, of nothing, of nulls and of values.</summary>
public sealed class RollupTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("ledger", LedgerPackage.Files());
        _client = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Of_nothing_counts_and_sums_are_0_and_all_others_null()
    {
        var id = await _client.CreateAsync("accounts", """{ "title": "A" }""");
        Assert.Equal(Nothing("0"), await RollupsAsync(id));
        var entry = await EntryAsync(id, """ "name": "x", "note": "n", "amount": 3, "fee": 2, "fee_currency": "EUR", "day": "2026-01-01", "open": true """);
        Assert.DoesNotContain("null", await RollupsAsync(id));
        await _client.DeleteAsync($"/api/data/entries/{entry}");
        Assert.Equal(Nothing("0"), await RollupsAsync(id));
    }

    [Fact]
    public async Task Nulls_are_left_out_but_for_the_first_and_the_last()
    {
        var id = await _client.CreateAsync("accounts", """{ "title": "A" }""");
        await EntryAsync(id, """ "name": "c" """);
        await EntryAsync(id, """ "name": "b", "note": "middle", "amount": 1, "day": "2026-03-01" """);
        await EntryAsync(id, """ "name": "a", "amount": 0, "day": "2026-05-01" """);
        var account = await _client.GetAsync($"/api/data/accounts/{id}");
        Assert.Equal(("3", "1.00", "0.00", "0.500000"), (account["entries"], account["total"], account["least"], account["mean"]));
        // The first was created without a note, the last in time has none: null is their value. An entry without a day is last only where there is no other.
        Assert.Equal((null, null, "a"), (account["first_note"], account["last_note"], account["lowest_name"]));
        Assert.Equal("a / b / c", account["names"]);
    }

    [Fact]
    public async Task Texts_are_cut_where_the_field_ends_and_follow_the_order()
    {
        var id = await _client.CreateAsync("accounts", """{ "title": "A" }""");
        foreach (var amount in new[] { 3, 1, 2 }) await EntryAsync(id, $$""" "name": "number {{amount}}", "note": "n{{amount}}", "open": true, "amount": {{amount}} """);
        var account = await _client.GetAsync($"/api/data/accounts/{id}");
        Assert.Equal(("number 1 / number 2 / number 3", "n3, n1, n2"), (account["names"], account["notes"]));
        await EntryAsync(id, """ "name": "number 4" """);
        Assert.Equal("number 1 / number 2 / number …", (await _client.GetAsync($"/api/data/accounts/{id}"))["names"]);
    }

    private static string Nothing(string count) => string.Join(' ', LedgerPackage.OfAccounts.Select(rollup => rollup.Field switch
    {
        "entries" or "open_entries" => count,
        "total" or "twice" or "worth" or "fees" => "0.00",
        "worth_currency" => "EUR",
        _ => "null",
    }));

    private Task<string> EntryAsync(string account, string more) => _client.CreateAsync("entries", $$"""{ "account_id": "{{account}}", {{more}} }""");

    private async Task<string> RollupsAsync(string id)
    {
        var account = await _client.GetAsync($"/api/data/accounts/{id}");
        var stored = LedgerPackage.OfAccounts.Select(rollup => $"{rollup.Field} {account[rollup.Field]}").ToList();
        // Those that are computed when they are read say the same.
        Assert.Equal(stored, LedgerPackage.OfAccounts.Select(rollup => $"{rollup.Field} {account["live_" + rollup.Field]}"));
        return string.Join(' ', LedgerPackage.OfAccounts.Select(rollup => account[rollup.Field] ?? "null"));
    }
}
