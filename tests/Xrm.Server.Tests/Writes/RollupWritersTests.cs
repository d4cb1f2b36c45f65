using System.Globalization;

namespace Xrm.Server.Tests.Writes;

/// <summary>Rollups stay right whoever writes at once, and writers that meet do not hear of each other.</summary>
public sealed class RollupWritersTests : IAsyncLifetime
{
    private const int Writers = 6;
    private const int Writes = 25;

    private readonly string[] _entries = [.. Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7().ToString())];
    private readonly List<string> _books = [];
    private readonly List<string> _accounts = [];
    private TestApplication _app = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        // Who waits for each other is found at once, and not after a second.
        var settings = new TestSettings { Connection = own => own + ";Options=-c deadlock_timeout=20ms" };
        _app = await TestApplication.StartAsync(settings, "ledger", LedgerPackage.Files());
        _client = await _app.ClientAsync();
        for (var number = 0; number < 2; number++) _books.Add(await _client.CreateAsync("books", $$"""{ "title": "Book {{number}}" }"""));
        for (var number = 0; number < 5; number++) _accounts.Add(await _client.CreateAsync("accounts", $$"""{ "title": "Account {{number}}", "book_id": "{{_books[number % 2]}}" }"""));
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Every_rollup_is_what_a_recount_gives_after_many_have_written_at_once()
    {
        await Task.WhenAll(Enumerable.Range(1, Writers).Select(seed => WriteAsync(new Random(seed))));
        Assert.Equal("", await DifferencesAsync("books", "accounts", "book_id", LedgerPackage.OfBooks));
        Assert.Equal("", await DifferencesAsync("accounts", "entries", "account_id", LedgerPackage.OfAccounts));
        Assert.Equal("", await UnlikeAsync("books", LedgerPackage.OfBooks));
        Assert.Equal("", await UnlikeAsync("accounts", LedgerPackage.OfAccounts));
        Assert.NotEqual(0L, await ScalarAsync("select count(*) from org_main.entries where deleted_at is null and account_id is not null"));
        Assert.NotEqual(0L, await ScalarAsync("select count(*) from org_main.entries where deleted_at is not null"));
    }

    private async Task WriteAsync(Random random)
    {
        for (var number = 0; number < Writes; number++)
        {
            var answer = await WriteOneAsync(random);
            // Others may have deleted the record, or what it belongs to, or have moved it away.
            Assert.True(answer.Status is 200 or 201 or 202 or 204 or 400 or 404 or 409, $"{answer.Status} {answer.Json} {_client.Defect}");
            if (answer.Status is 400) Assert.Matches("reference_unknown|unknown_child", answer.Errors);
        }
    }

    private async Task<Answer> WriteOneAsync(Random random)
    {
        var entry = _entries[random.Next(_entries.Length)];
        var account = _accounts[random.Next(_accounts.Count)];
        switch (random.Next(12))
        {
            // Creates it where it is not there, and else may move it.
            case 0 or 1: return await _client.PatchAsync($"/api/data/entries/{entry}", Entry(random, account));
            case 2: return await _client.PostAsync("/api/data/entries", $"[{string.Join(',', Enumerable.Range(0, 8).Select(_ => Entry(random, _accounts[random.Next(_accounts.Count)])))}]");
            case 3 or 4: return await _client.PatchAsync($"/api/data/entries/{entry}", $$"""{ "name": "c", "amount": {{Amount(random)}}, "open": {{Bool(random)}}, "note": {{Note(random)}} }""");
            case 5: return await _client.PatchAsync($"/api/data/entries/{entry}", $$"""{ "name": "m", "account_id": "{{account}}" }""");
            case 6: return await _client.DeleteAsync($"/api/data/entries/{entry}");
            case 7: return await _client.PostAsync($"/api/data/entries/{entry}/restore", "");
            case 8: return await _client.PatchAsync($"/api/data/accounts/{account}", await ItemsAsync(random, account));
            case 9: return await _client.PatchAsync($"/api/data/accounts/{account}", $$"""{ "book_id": "{{_books[random.Next(2)]}}", "title": "Account {{random.Next(100)}}" }""");
            case 10: return random.Next(2) == 0 ? await _client.DeleteAsync($"/api/data/accounts/{account}") : await _client.PostAsync($"/api/data/accounts/{account}/restore", "");
            default: return await _client.PostAsync("/api/data/$batch", Batch(random, entry));
        }
    }

    /// <summary>The account with some of its entries: the others go.</summary>
    private async Task<string> ItemsAsync(Random random, string account)
    {
        var known = await _client.GetAsync($"/api/data/accounts/{account}/items?$select=id&$top=6");
        if (known.Status != 200) return """{ "title": "none" }""";
        var kept = known.Json.GetProperty("value").EnumerateArray().Select(item => $$"""{ "id": "{{item.GetProperty("id").GetString()}}", "amount": {{Amount(random)}} }""");
        return $$"""{ "items": [ {{string.Join(", ", kept.Append($$"""{ "name": "nested", "amount": {{Amount(random)}} }"""))}} ] }""";
    }

    private string Batch(Random random, string entry)
    {
        var create = (string id) => $$"""{ "id": "{{id}}", "atomicityGroup": "g", "method": "POST", "url": "entries", "body": {{Entry(random, _accounts[random.Next(_accounts.Count)])}} }""";
        var change = $$"""{ "id": "c", "atomicityGroup": "g", "method": "PATCH", "url": "entries/{{entry}}", "body": { "name": "b", "amount": {{Amount(random)}} } }""";
        return $$"""{ "requests": [ {{create("a")}}, {{create("b")}}, {{change}} ] }""";
    }

    private static string Entry(Random random, string account) => $$"""
        { "account_id": "{{account}}", "name": "{{(char)('a' + random.Next(26))}}{{random.Next(1000)}}", "note": {{Note(random)}}, "amount": {{Amount(random)}}, "open": {{Bool(random)}},
          "fee": {{Amount(random)}}, "fee_currency": "EUR", "day": {{(random.Next(3) == 0 ? "null" : $"\"2026-0{random.Next(1, 10)}-01\"")}} }
        """;

    private static string Amount(Random random) => random.Next(5) == 0 ? "null" : random.Next(20).ToString(CultureInfo.InvariantCulture);

    private static string Bool(Random random) => random.Next(2) == 0 ? "true" : "false";

    private static string Note(Random random) => random.Next(3) == 0 ? "null" : $"\"n{random.Next(100)}\"";

    /// <summary>Records whose rollups are not those of the children outside the recycle bin, with both values.</summary>
    private async Task<string> DifferencesAsync(string parents, string children, string via, (string Field, string Value)[] rollups)
    {
        var found = new List<string>();
        foreach (var (field, value) in rollups)
        {
            var wrong = await ScalarAsync($"""
                select coalesce(string_agg(format('%s: {field} is %s and not %s', n.title, n.is, n.ought), '; '), '') from (
                  select p.title, p.{field} as is, {value} as ought from org_main.{parents} p left join org_main.{children} e on e.{via} = p.id and e.deleted_at is null group by p.id) n
                where n.is is distinct from n.ought
                """);
            if ((string)wrong! is { Length: > 0 } text) found.Add(text);
        }
        return string.Join('\n', found);
    }

    /// <summary>Records whose computed rollups are not what the stored ones are.</summary>
    private async Task<string> UnlikeAsync(string collection, (string Field, string Value)[] rollups)
    {
        var answer = await _client.GetAsync($"/api/data/{collection}");
        var rows = answer.Json.GetProperty("value").EnumerateArray().ToList();
        Assert.NotEmpty(rows);
        var values = rows.SelectMany(row => rollups.Select(rollup => (Of: $"{row.GetProperty("title")}.{rollup.Field}", Stored: row.GetProperty(rollup.Field).ToString(), Computed: row.GetProperty("live_" + rollup.Field).ToString())));
        return string.Join('\n', values.Where(value => value.Stored != value.Computed));
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _app.Database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
