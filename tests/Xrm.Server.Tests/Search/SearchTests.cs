namespace Xrm.Server.Tests.Search;

public sealed class SearchTests(SearchApplication search) : IClassFixture<SearchApplication>
{
    [Theory]
    [InlineData("Vertrag", "Vertrag Müller Rahmenvertrag Schmidt")]
    [InlineData("VERTRÄGE", "Müller Vertrag Schmidt")]
    [InlineData("vertrage", "Müller Vertrag Schmidt")]
    [InlineData("rahmenver", "Rahmenvertrag")]
    [InlineData("mull", "Müller")]
    [InlineData("haus", "IT Rahmenvertrag")]
    [InlineData("it", "IT")]
    [InlineData("sö", "Schmidt")]
    public async Task A_word_is_found_by_its_stem_its_beginning_and_its_parts_and_the_title_comes_first(string typed, string found) =>
        Assert.Equal(found, await search.FindAsync(typed));

    [Theory]
    [InlineData("acme-berlin", "Müller")]
    [InlineData("info@acme-berlin.de", "Müller")]
    [InlineData("berlin.de", "Müller")]
    [InlineData("0176 1234567", "Müller")]
    [InlineData("01761234567", "Müller")]
    [InlineData("+491761234567", "Müller")]
    [InlineData("0049176/1234567", "Müller")]
    [InlineData("123-4567", "Müller")]
    [InlineData("großkunde", "Rahmenvertrag")]
    [InlineData("grosskunde wien", "Rahmenvertrag")]
    [InlineData("100%_sicher", "Vertrag")]
    [InlineData("o'neil\\partner", "IT")]
    [InlineData("%%%", "")]
    [InlineData("' | ! & <-> :*", "")]
    [InlineData("‘’ʼ", "")]
    public async Task Addresses_numbers_lists_and_signs_are_found_by_their_parts(string typed, string found) =>
        Assert.Equal(found, await search.FindAsync(typed));

    [Theory]
    [InlineData("berlin vertr", "Müller Rahmenvertrag")]
    [InlineData("berlin AND vertr", "Müller Rahmenvertrag")]
    [InlineData("schmidt OR rahmenvertrag", "Rahmenvertrag Schmidt")]
    [InlineData("vertrag NOT berlin", "Vertrag Schmidt")]
    [InlineData("vertrag NOT (berlin OR söhne)", "Vertrag")]
    [InlineData("(schmidt OR müller) vertrag", "Müller Schmidt")]
    [InlineData("\"kunst und werk\"", "IT")]
    [InlineData("\"kunst und wer\"", "")]
    [InlineData("\"zwei verträge\"", "Schmidt")]
    [InlineData("NOT vertrag", "IT Kunstwerk")]
    [InlineData("kunstwerk OR NOT vertrag", "Kunstwerk IT")]
    public async Task Words_are_combined_as_OData_says(string typed, string found) =>
        Assert.Equal(found, await search.FindAsync(typed));

    [Theory]
    [InlineData("Schmitd", "Schmidt")]
    [InlineData("Rahmenvetrag", "Rahmenvertrag")]
    [InlineData("Kunstwrek -", "")]
    public async Task Where_nothing_has_the_word_one_that_is_like_it_is_found(string typed, string found)
    {
        Assert.Equal(found, await search.FindAsync(typed));
        var answer = await search.Reader.GetAsync($"/api/data/customers?$count=true&$search={Uri.EscapeDataString(typed)}");
        Assert.Equal((found.Length > 0 ? "True" : null, found.Length > 0 ? "1" : "0"), (answer["@xrm.searchIsSimilar"], answer["@odata.count"]));
        Assert.Equal(answer["@odata.count"], await (await search.Reader.GetAsync($"/api/data/customers/$count?$search={Uri.EscapeDataString(typed)}")).Message.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_field_that_the_caller_may_not_see_is_not_searched()
    {
        Assert.Equal("Schmidt", await search.FindAsync("goldfisch", client: search.Admin));
        Assert.Equal("", await search.FindAsync("goldfisch"));
        Assert.Equal("", await search.FindAsync("goldfsich"));
        Assert.Equal("", await search.FindAsync("schmidt NOT goldfisch", client: search.Admin));
        Assert.Equal("Schmidt", await search.FindAsync("schmidt NOT goldfisch"));
        // The secret contract counts for nobody's order but the boss's.
        Assert.Equal("IT", await search.FindAsync("haus", "&$top=1"));
        Assert.DoesNotContain("IT", await search.FindAsync("vertrag"));
        Assert.Contains("IT", await search.FindAsync("vertrag", client: search.Admin));
    }

    [Fact]
    public async Task A_record_that_the_caller_may_not_see_is_not_found()
    {
        var (anna, ben) = (await search.App.ClientAsync("seller"), await search.App.ClientAsync("seller"));
        var id = await anna.CreateAsync("deals", """{ "title": "Segelboot" }""");
        Assert.Equal(1, Found(await anna.GetAsync("/api/data/deals?$search=segelboot")));
        Assert.Equal(0, Found(await ben.GetAsync("/api/data/deals?$search=segelboot")));
        Assert.Equal(0, Found(await ben.GetAsync("/api/data/deals?$search=segelbot")));
        await anna.DeleteAsync($"/api/data/deals/{id}");
        Assert.Equal(0, Found(await anna.GetAsync("/api/data/deals?$search=segelboot")));
    }

    [Fact]
    public async Task A_number_is_found_by_its_parts()
    {
        var seller = await search.App.ClientAsync("seller");
        var id = await seller.CreateAsync("deals", """{ "title": "Numbered" }""");
        var number = (await seller.GetAsync($"/api/data/deals/{id}"))["number"]!;
        foreach (var part in new[] { number, number.ToLowerInvariant(), number[2..], number[^5..] })
            Assert.Equal(1, Found(await seller.GetAsync($"/api/data/deals?$search={part}")));
    }

    [Theory]
    [InlineData("vertrag", "")]
    [InlineData("vertrag OR kunst", "")]
    [InlineData("vertrag OR kunst", "&$orderby=name desc")]
    [InlineData("vertrag OR kunst", "&$filter=name ne 'Vertrag'")]
    [InlineData("vertrga", "")]
    public async Task Pages_are_the_whole_list_cut_in_pieces(string typed, string more)
    {
        var whole = await search.FindAsync(typed, more);
        Assert.Contains(' ', whole);
        var rows = new List<string>();
        for (var url = $"/api/data/customers?$search={Uri.EscapeDataString(typed)}{more}"; url is not null;)
        {
            var page = await search.Reader.SendAsync(HttpMethod.Get, url, null, prefer: "odata.maxpagesize=1");
            rows.AddRange(page.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("name").GetString()!.Split(' ')[0]));
            url = page["@odata.nextLink"]!;
        }
        Assert.Equal(whole, string.Join(' ', rows));
    }

    [Fact]
    public async Task Entities_without_indexes_for_search_are_searched_all_the_same()
    {
        await search.Admin.CreateAsync("plains", """{ "name": "Grüne Wiese" }""");
        Assert.Equal(1, Found(await search.Reader.GetAsync("/api/data/plains?$search=wie grun")));
        Assert.Equal(1, Found(await search.Reader.GetAsync("/api/data/plains?$search=Wiesse")));
        Assert.Equal(0, Found(await search.Reader.GetAsync("/api/data/plains?$search=Wald")));
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("   ", 6)]
    [InlineData("()", 6)]
    [InlineData("OR AND NOT", 6)]
    [InlineData("\"\"", 6)]
    [InlineData("(vertrag", 4)]
    [InlineData("vertrag)) OR", 4)]
    [InlineData("\"rahmenvertrag", 1)]
    public async Task What_people_type_on_the_way_is_never_refused(string typed, int found) =>
        Assert.Equal(found, Found(await search.Reader.GetAsync($"/api/data/customers?$search={Uri.EscapeDataString(typed)}")));

    [Fact]
    public async Task A_search_that_is_too_large_is_refused()
    {
        foreach (var typed in new[] { new string('a', 201), string.Join(' ', Enumerable.Range(0, 13)) })
        {
            var answer = await search.Reader.GetAsync($"/api/data/customers?$search={typed}");
            Assert.Equal((400, "query_too_large"), (answer.Status, answer["code"]));
        }
        Assert.Equal(400, (await search.Reader.GetAsync("/api/data/customers?$search=a%00b")).Status);
    }

    private static int Found(Answer answer) => answer.Json.GetProperty("value").EnumerateArray().Count();
}
