using System.Text.Json;
using Npgsql;

namespace Xrm.Server.Tests.Search;

public sealed class GlobalSearchTests(SearchApplication search) : IClassFixture<SearchApplication>
{
    [Fact]
    public async Task Records_of_all_entities_are_found_with_where_the_words_stand()
    {
        var deal = await search.Admin.CreateAsync("deals", """{ "title": "Segelboot" }""");
        await search.Admin.PostAsync("/api/data/customers", """{ "name": "Werft", "city": "Kiel", "notes": "Baut und verkauft Boote aller Art, vom kleinsten Ruderboot bis zu dem Schiff, das Menschen und Segel gemeinsam über die Ozeane trägt. Ein Segelboot dauert ein Jahr." }""");
        var answer = await search.Reader.GetAsync("/api/search?q=segelb");
        Assert.Equal(200, answer.Status);
        var (first, second) = (answer.Json.GetProperty("value")[0], answer.Json.GetProperty("value")[1]);
        Assert.Equal($$$"""{"entity":"deal","collection":"deals","id":"{{{deal}}}","title":"Segelboot","found":{"field":"title","label":"Title","text":"Segelboot","matches":[{"start":0,"length":6}]}}""", first.ToString());
        Assert.Equal(("Werft", "Kiel", "notes"), (second.GetProperty("title").ToString(), second.GetProperty("subtitle").ToString(), second.GetProperty("found").GetProperty("field").ToString()));
        Assert.Equal("Segelb", Marked(second));
        Assert.Equal("""[{"entity":"customer","collection":"customers","label":"Customers","count":1,"hasMore":false},{"entity":"deal","collection":"deals","label":"Deals","count":1,"hasMore":false}]""", answer.Json.GetProperty("entities").ToString());
        Assert.Equal("deal", Entities(await search.Reader.GetAsync("/api/search?q=segelb&entities=deals")));
        Assert.Equal("deal", Entities(await search.Reader.GetAsync("/api/search?q=segelb&$top=1")));
    }

    [Fact]
    public async Task What_is_not_ready_in_time_is_named_beside_what_is()
    {
        await search.Admin.CreateAsync("deals", """{ "title": "Albatros" }""");
        await search.Admin.CreateAsync("customers", """{ "name": "Albatros AG" }""");
        await using var holder = new NpgsqlConnection(search.App.Database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using (var hold = new NpgsqlCommand("begin; lock table org_main.deals in access exclusive mode", holder)) await hold.ExecuteNonQueryAsync();
        var answer = await search.Reader.GetAsync("/api/search?q=albatros");
        Assert.Equal((200, "customer", """["deal"]"""), (answer.Status, Entities(answer), answer["incomplete"]));
    }

    [Theory]
    [InlineData("müll", "Müll")]
    [InlineData("vertrage berlin", "Verträge")]
    [InlineData("GROSSK", "Großk")]
    [InlineData("kunstwrek", "Kunstw")]
    [InlineData("Söhnen", "Söhne")]
    public async Task The_words_are_marked_as_they_stand(string typed, string marked) =>
        Assert.Equal(marked, Marked((await search.Reader.GetAsync($"/api/search?q={Uri.EscapeDataString(typed)}")).Json.GetProperty("value")[0]));

    [Fact]
    public async Task Words_like_those_searched_for_are_found_where_nothing_has_them()
    {
        Assert.Equal("True", (await search.Reader.GetAsync("/api/search?q=rahmenvetrag"))["isSimilar"]);
        var none = await search.Reader.GetAsync("/api/search?q=xylophon");
        Assert.Equal("""{"value":[],"entities":[]}""", none.Json.ToString());
    }

    [Fact]
    public async Task Nobody_finds_what_he_may_not_see()
    {
        var (anna, ben, nobody) = (await search.App.ClientAsync("seller"), await search.App.ClientAsync("seller"), await search.App.ClientAsync("nobody"));
        await anna.CreateAsync("deals", """{ "title": "Zeppelin" }""");
        Assert.Equal("deal", Entities(await anna.GetAsync("/api/search?q=zeppelin")));
        Assert.Equal("", Entities(await ben.GetAsync("/api/search?q=zeppelin")));
        Assert.Equal("", Entities(await nobody.GetAsync("/api/search?q=zeppelin")));
        Assert.Equal("customer", Entities(await search.Admin.GetAsync("/api/search?q=goldfisch")));
        Assert.Equal("", Entities(await search.Reader.GetAsync("/api/search?q=goldfisch")));
        Assert.Equal((400, "unknown_entity"), Refusal(await anna.GetAsync("/api/search?q=a&entities=customer")));
        Assert.Equal((400, "unknown_entity"), Refusal(await anna.GetAsync("/api/search?q=a&entities=nothing")));
        // An entity without the feature is not searched with the others.
        Assert.Equal((400, "unknown_entity"), Refusal(await search.Admin.GetAsync("/api/search?q=a&entities=plain")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=NOT")]
    public async Task Nothing_typed_finds_nothing(string query) => Assert.Equal("", Entities(await search.Reader.GetAsync($"/api/search{query}")));

    [Theory]
    [InlineData("?q=a&$top=101")]
    [InlineData("?q=a&$top=-1")]
    [InlineData("?q=a&q=b")]
    [InlineData("?q=a&limit=5")]
    public async Task A_wrong_option_is_refused(string query) => Assert.Equal((400, "query_not_understood"), Refusal(await search.Reader.GetAsync($"/api/search{query}")));

    private static (int, string?) Refusal(Answer answer) => (answer.Status, answer["code"]);

    private static string Entities(Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        return string.Join(' ', answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("entity").GetString()));
    }

    private static string Marked(JsonElement row)
    {
        var found = row.GetProperty("found");
        var match = found.GetProperty("matches")[0];
        return found.GetProperty("text").GetString()!.Substring(match.GetProperty("start").GetInt32(), match.GetProperty("length").GetInt32());
    }
}
