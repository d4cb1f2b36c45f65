using Xrm.Server.Tests.Writes;

namespace Xrm.Server.Tests.Changes;

/// <summary>Following how a list changes.</summary>
[Collection(nameof(SalesCollection))]
public sealed class DeltaTests(SalesApplication sales)
{
    private readonly string _mark = $"m{Guid.NewGuid():N}";

    [Fact]
    public async Task Delta_has_what_came_changed_and_went_and_ends_with_a_new_link()
    {
        var (kept, left, deleted) = (await LabelAsync("a"), await LabelAsync("b"), await LabelAsync("c"));
        var link = await TrackAsync(sales.Admin, $"labels?$select=name&$filter=startswith(name,'{_mark}')");
        Assert.Equal("", (await DeltaAsync(sales.Admin, link)).Text);
        var added = await LabelAsync("d");
        await sales.Admin.PatchAsync($"/api/data/labels/{kept}", $$"""{ "name": "{{_mark}} a2" }""");
        await sales.Admin.PatchAsync($"/api/data/labels/{left}", """{ "name": "elsewhere" }""");
        await sales.Admin.DeleteAsync($"/api/data/labels/{deleted}");
        await sales.Admin.DeleteAsync($"/api/data/labels/{await LabelAsync("short-lived")}");
        await sales.Admin.PatchAsync($"/api/data/labels/{await sales.Admin.CreateAsync("labels", """{ "name": "never in it" }""")}", """{ "name": "nor now" }""");
        var (text, next) = await DeltaAsync(sales.Admin, link);
        Assert.Equal(Lines($"{kept} {_mark} a2", $"{added} {_mark} d", $"{left} removed changed", $"{deleted} removed deleted"), text);
        Assert.Equal("", (await DeltaAsync(sales.Admin, next)).Text);
        // The same link tells the same again.
        Assert.Equal(text, (await DeltaAsync(sales.Admin, link)).Text);
    }

    [Fact]
    public async Task Changes_between_the_pages_of_the_list_are_told_and_long_deltas_have_pages()
    {
        var ids = new List<string>();
        for (var index = 0; index < 5; index++) ids.Add(await LabelAsync($"{index}"));
        var first = await sales.Admin.SendAsync(HttpMethod.Get, $"/api/data/labels?$select=name&$filter=startswith(name,'{_mark}')&$orderby=name", null, prefer: "odata.track-changes,odata.maxpagesize=2");
        Assert.Contains("odata.track-changes", first.Message.Headers.GetValues("Preference-Applied"));
        foreach (var id in ids) await sales.Admin.PatchAsync($"/api/data/labels/{id}", $$"""{ "name": "{{_mark}} new" }""");
        var page = first;
        while (page["@odata.nextLink"] is { } next) page = await sales.Admin.SendAsync(HttpMethod.Get, next, null, prefer: "odata.maxpagesize=2");
        var (text, _) = await DeltaAsync(sales.Admin, page["@odata.deltaLink"]!, "odata.maxpagesize=2");
        Assert.Equal(Lines([.. ids.Select(id => $"{id} {_mark} new")]), text);
    }

    [Fact]
    public async Task What_goes_out_of_sight_is_removed_and_what_never_was_in_sight_is_not_told()
    {
        var (seller, other) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("seller"));
        var (own, strange) = (await SaleAsync(seller), await SaleAsync(other));
        var link = await TrackAsync(seller, "sales?$select=title");
        await sales.Admin.PatchAsync($"/api/data/sales/{own}", $$"""{ "owner_id": "{{other.UserId}}" }""");
        await sales.Admin.PatchAsync($"/api/data/sales/{strange}", """{ "title": "Still strange" }""");
        var (text, next) = await DeltaAsync(seller, link);
        Assert.Equal($"{own} removed changed", text);
        await sales.Admin.PatchAsync($"/api/data/sales/{strange}", $$"""{ "owner_id": "{{seller.UserId}}" }""");
        (text, next) = await DeltaAsync(seller, next);
        Assert.Equal($"{strange} Still strange", text);
        await seller.DeleteAsync($"/api/data/sales/{strange}");
        Assert.Equal($"{strange} removed deleted", (await DeltaAsync(seller, next)).Text);
    }

    [Fact]
    public async Task What_follows_from_other_records_is_told()
    {
        var customer = await sales.CustomerAsync();
        var link = await TrackAsync(sales.Admin, $"customers?$select=sales&$filter=id eq {customer} and sales eq 0");
        await SaleAsync(sales.Admin, customer);
        Assert.Equal($"{customer} removed changed", (await DeltaAsync(sales.Admin, link)).Text);
    }

    [Theory]
    [InlineData("sales?$filter=customer/name eq 'x'")]
    [InlineData("sales?$filter=lines/any(l: l/quantity gt 1)")]
    [InlineData("sales?$expand=customer")]
    [InlineData("sales?$filter=created_at lt now()")]
    [InlineData("customers?$top=5")]
    public async Task Lists_that_change_without_their_records_are_not_tracked(string path)
    {
        var answer = await sales.Admin.SendAsync(HttpMethod.Get, $"/api/data/{path}", null, prefer: "odata.track-changes");
        Assert.Equal((200, null, false), (answer.Status, answer["@odata.deltaLink"], answer.Message.Headers.Contains("Preference-Applied")));
    }

    [Fact]
    public async Task Link_of_another_list_or_of_other_rights_is_refused()
    {
        var link = await TrackAsync(sales.Admin, "labels?$select=name");
        Assert.Equal((400, "invalid_token"), await RefusedAsync(sales.Admin, link.Replace("select=name", "select=id", StringComparison.Ordinal)));
        Assert.Equal((400, "invalid_token"), await RefusedAsync(sales.Admin, "/api/data/labels/$delta"));
        Assert.Equal((400, "invalid_token"), await RefusedAsync(sales.Admin, "/api/data/labels/$delta?token=nothing"));
        Assert.Equal((410, "changes_gone"), await RefusedAsync(await sales.App.ClientAsync("boss"), link));
        Assert.Equal(404, (await sales.Admin.GetAsync("/api/data/nothing/$delta?token=x")).Status);
    }

    private static async Task<(int, string?)> RefusedAsync(TestClient client, string link)
    {
        var answer = await client.GetAsync(link);
        return (answer.Status, answer["code"]);
    }

    [Fact]
    public async Task Delta_says_as_much_of_itself_as_is_asked_for()
    {
        var link = await TrackAsync(sales.Admin, $"labels?$filter=startswith(name,'{_mark}')");
        var id = await LabelAsync("a");
        var full = await sales.Admin.SendAsync(HttpMethod.Get, link, null, headers: ("Accept", "application/json;odata.metadata=full"));
        Assert.Equal("application/json; odata.metadata=full; charset=utf-8", full.Message.Content.Headers.ContentType!.ToString());
        Assert.Equal("#Xrm.label", full.Json.GetProperty("value")[0].GetProperty("@odata.type").GetString());
        await sales.Admin.DeleteAsync($"/api/data/labels/{id}");
        var none = await sales.Admin.SendAsync(HttpMethod.Get, full["@odata.deltaLink"]!, null, headers: ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal($$$"""[{"@removed":{"reason":"deleted"},"id":"{{{id}}}"}]""", none["value"]);
        Assert.Null(none["@odata.context"]);
    }

    private Task<string> LabelAsync(string name) => sales.Admin.CreateAsync("labels", $$"""{ "name": "{{_mark}} {{name}}" }""");

    private async Task<string> SaleAsync(TestClient client, string? customer = null) =>
        await client.CreateAsync("sales", $$"""{ "title": "Sale", "customer_id": "{{customer ?? await sales.CustomerAsync()}}" }""");

    private static async Task<string> TrackAsync(TestClient client, string path)
    {
        var answer = await client.SendAsync(HttpMethod.Get, $"/api/data/{path}", null, prefer: "odata.track-changes,odata.maxpagesize=1000");
        Assert.True(answer["@odata.deltaLink"] is not null, $"{answer.Status} {answer.Json}");
        return answer["@odata.deltaLink"]!;
    }

    /// <summary>All of a delta: each record with its title, or that it was removed and why, and the link to the next one.</summary>
    private static async Task<(string Text, string Next)> DeltaAsync(TestClient client, string link, string? prefer = null)
    {
        var lines = new List<string>();
        for (string? next = link; next is not null;)
        {
            var page = await client.SendAsync(HttpMethod.Get, next, null, prefer: prefer);
            Assert.True(page.Status == 200, $"{page.Status} {page.Json}");
            foreach (var row in page.Json.GetProperty("value").EnumerateArray())
                lines.Add($"{row.GetProperty("id")} {(row.TryGetProperty("@removed", out var removed) ? $"removed {removed.GetProperty("reason")}" : row.EnumerateObject().Last().Value)}");
            (next, link) = (page["@odata.nextLink"], page["@odata.deltaLink"] ?? "");
        }
        return (Lines([.. lines.Distinct()]), link);
    }

    private static string Lines(params string[] lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));
}
