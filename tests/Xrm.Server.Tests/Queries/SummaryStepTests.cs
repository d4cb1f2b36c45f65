using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Groups by levels, results behind one another, and rows with the largest or smallest values.</summary>
public sealed class SummaryStepTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    [Theory]
    [InlineData("groupby((rollup(account/industry,account/name)),aggregate($count as n))", """[{"account":{"industry":null},"n":1},{"account":{"industry":null,"name":null},"n":1},{"account":{"industry":"tech"},"n":1},{"account":{"industry":"tech","name":"Acme"},"n":1},{"account":{"industry":"trade"},"n":1},{"account":{"industry":"trade","name":"ätna"},"n":1}]""")]
    [InlineData("groupby((rollup($all,status)),aggregate($count as n))", """[{"n":3},{"status":null,"n":1},{"status":"active","n":1},{"status":"draft","n":1}]""")]
    [InlineData("groupby((rollup($all,account/industry,status)),aggregate(value with sum as total))", """[{"total":10000000010.49},{"account":{"industry":null},"total":null},{"account":{"industry":null},"status":null,"total":null},{"account":{"industry":"tech"},"total":10.50},{"account":{"industry":"tech"},"status":"draft","total":10.50},{"account":{"industry":"trade"},"total":9999999999.99},{"account":{"industry":"trade"},"status":"active","total":9999999999.99}]""")]
    [InlineData("filter(months ne null)/groupby((status,rollup($all,months)),aggregate($count as n))/filter(months ne 6)", """[{"status":"active","n":1},{"status":"draft","n":1},{"status":"draft","months":12,"n":1}]""")]
    [InlineData("filter(months gt 100)/groupby((rollup($all,status)),aggregate($count as n))", """[{"n":0}]""")]
    [InlineData("groupby((rollup($all,status)),aggregate(value mul 2 with max as most))&$orderby=most desc&$top=1", """[{"most":19999999999.98}]""")]
    [InlineData("groupby((rollup($all,status,title,number),rollup($all,months,value,starts_on),rollup($all,ends_on,opens,signed_at)))/aggregate($count as n)", """[{"n":190}]""")]
    [InlineData("groupby((rollup($all,status)))/groupby((status),aggregate($count as n))", """[{"status":null,"n":2},{"status":"active","n":1},{"status":"draft","n":1}]""")]
    public async Task Groups_are_rolled_up(string apply, string expected) => await AssertRows(apply, expected);

    [Theory]
    [InlineData("concat(groupby((status),aggregate(months with sum as months)),aggregate(months with sum as months,value with max as most))", """[{"status":null,"months":null},{"status":"active","months":6},{"status":"draft","months":12},{"months":18,"most":9999999999.99}]""")]
    [InlineData("groupby((status),aggregate($count as n))/concat(topcount(1,status),aggregate(n with sum as n),aggregate(n with average as mean))", """[{"status":"draft","n":1},{"n":3},{"mean":1.00000000000000000000}]""")]
    [InlineData("concat(concat(aggregate($count as a),aggregate($count as b)),aggregate(months with sum as a))/filter(a ne null)", """[{"a":3},{"a":18}]""")]
    [InlineData("filter(months ne null)/concat(topcount(1,value)/aggregate($count as n),groupby((rollup($all,status)),aggregate($count as n)))", """[{"n":1},{"n":2},{"n":1,"status":"active"},{"n":1,"status":"draft"}]""")]
    [InlineData("concat(aggregate($count as n),aggregate($count as n))/aggregate(n with sum as twice)", """[{"twice":6}]""")]
    [InlineData("concat(aggregate(months with sum as x),aggregate(value with sum as x))&$orderby=x desc&$skip=1", """[{"x":18}]""")]
    public async Task Results_stand_behind_one_another(string apply, string expected) => await AssertRows(apply, expected);

    [Theory]
    [InlineData("topcount(1,value)/aggregate(value with sum as total,$count as n)", """[{"total":9999999999.99,"n":1}]""")]
    [InlineData("filter(value ne null)/bottomcount(1,value)/aggregate(value with sum as total)", """[{"total":10.50}]""")]
    [InlineData("orderby(title desc)/skip(1)/top(1)/aggregate(value with sum as total)", """[{"total":9999999999.99}]""")]
    [InlineData("topsum(13,months)/aggregate($count as n)", """[{"n":2}]""")]
    [InlineData("topsum(12,months)/aggregate($count as n)", """[{"n":1}]""")]
    [InlineData("topsum(1000,months)/aggregate($count as n)", """[{"n":2}]""")]
    [InlineData("bottomsum(6,months)/aggregate(months with sum as months)", """[{"months":6}]""")]
    [InlineData("bottomsum(6.5,months)/aggregate(months with sum as months)", """[{"months":18}]""")]
    [InlineData("toppercent(66,months)/aggregate(months with sum as months)", """[{"months":12}]""")]
    [InlineData("toppercent(67,months)/aggregate(months with sum as months)", """[{"months":18}]""")]
    [InlineData("toppercent(100,months)/aggregate(months with sum as months)", """[{"months":18}]""")]
    [InlineData("bottompercent(33,months)/aggregate(months with sum as months)", """[{"months":6}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/topsum(1,months)", """[{"status":"draft","months":12}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/bottompercent(50,months)", """[{"status":"active","months":6},{"status":"draft","months":12}]""")]
    [InlineData("groupby((status),aggregate(account/score with sum as score))/toppercent(50,score)", """[{"status":"draft","score":1.5}]""")]
    [InlineData("identity/topcount(2,months)/identity/topcount(1,value)/aggregate(months with sum as months)", """[{"months":6}]""")]
    public async Task Only_the_rows_with_the_largest_or_smallest_values_go_on(string apply, string expected) => await AssertRows(apply, expected);

    [Fact]
    public async Task The_largest_values_are_told_together_with_the_whole()
    {
        var rows = (await database.ListAsync("contracts", "?$apply=concat(topcount(1,value),aggregate(value%20with%20sum%20as%20value))", "reader"))["value"]!.AsArray();
        Assert.Equal(("beta", "9999999999.99"), (rows[0]!["title"]!.GetValue<string>(), rows[0]!["value"]!.ToJsonString()));
        Assert.Equal("""{"value":10000000010.49}""", rows[1]!.ToJsonString());
    }

    [Theory]
    [InlineData("filter(months gt 1)/topcount(1,months)", "Alpha")]
    [InlineData("filter(months gt 1)&$filter=account/industry eq 'trade'", "beta")]
    [InlineData("orderby(title desc)&$top=2", "Ünïcödé 🏢 \"quoted\" beta")]
    [InlineData("orderby(title desc)/top(2)&$orderby=title", "beta Ünïcödé 🏢 \"quoted\"")]
    [InlineData("compute(months mul 2 as twice)/filter(twice gt 12)", "Alpha")]
    [InlineData("topcount(2,months)/bottomcount(1,months)", "beta")]
    [InlineData("top(1)&$filter=status eq null", "")]
    public async Task Records_stay_records(string options, string titles)
    {
        var answer = await database.ListAsync("contracts", $"?$apply={options.Replace(" ", "%20", StringComparison.Ordinal)}&$select=title&$expand=account&$count=true", "reader");
        var rows = answer["value"]!.AsArray();
        Assert.Equal(titles, string.Join(' ', rows.Select(row => row!["title"]!.GetValue<string>())));
        Assert.Equal(options.Contains("$top", StringComparison.Ordinal) ? 3 : rows.Count, answer["@odata.count"]!.GetValue<int>());
        Assert.All(rows, row => Assert.True(row!.AsObject().ContainsKey("account") && row["@odata.etag"] is not null));
    }

    [Theory]
    [InlineData("groupby((rollup($all,status)),aggregate($count as n))", """[{"n":1},{"status":"draft","n":1}]""")]
    [InlineData("concat(aggregate($count as n),topcount(5,months)/aggregate($count as n))", """[{"n":1},{"n":1}]""")]
    [InlineData("groupby((status))/concat(aggregate($count as n),identity)", """[{"n":1},{"status":"draft"}]""")]
    [InlineData("toppercent(100,months)/aggregate(months with sum as months)", """[{"months":12}]""")]
    [InlineData("top(10)/aggregate($count as n)", """[{"n":1}]""")]
    [InlineData("top(10)/concat(bottomsum(50,months)/aggregate($count as n),skip(1)/aggregate($count as n))", """[{"n":1},{"n":0}]""")]
    public async Task Records_that_the_caller_may_not_see_take_no_part(string apply, string expected) => await AssertRows(apply, expected, "clerk");

    [Fact]
    public async Task Records_without_right_are_not_there_whatever_steps_there_are() =>
        Assert.Equal("Alpha", await database.ValuesAsync("contracts", "title", "?$apply=bottomcount(10,months)/topsum(1000,months)", "clerk"));

    [Fact]
    public async Task Fields_without_right_are_no_part_of_concatenated_records()
    {
        var rows = (await database.ListAsync("contracts", "?$apply=concat(topcount(1,months),aggregate($count%20as%20n))", "reader"))["value"]!.AsArray();
        Assert.False(rows[0]!.AsObject().ContainsKey("penalty"));
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", "?$apply=topcount(1,penalty)", "reader"));
        Assert.Equal((403, "no_right"), (error.Status, error.Code));
    }

    [Fact]
    public async Task Pages_of_concatenated_results_keep_their_order()
    {
        const string Apply = "?$apply=concat(groupby((status),aggregate($count%20as%20n)),aggregate($count%20as%20n))";
        var whole = (await database.ListAsync("contracts", Apply, "reader"))["value"]!.AsArray().Select(row => row!.ToJsonString()).ToArray();
        var paged = new List<string>();
        for (var skip = 0; skip < 4; skip++) paged.AddRange((await database.ListAsync("contracts", $"{Apply}&$top=1&$skip={skip}&$count=true", "reader"))["value"]!.AsArray().Select(row => row!.ToJsonString()));
        Assert.Equal(whole, paged);
    }

    [Theory]
    [InlineData("groupby((rollup(status)))", "query_not_understood", "$apply, character 23: expected ',' and a finer level: hierarchies with names are not supported, but there is ')'.")]
    [InlineData("groupby((status,rollup($all,status)))", "not_summable", "'status' ($apply, character 29) is there already: take another name.")]
    [InlineData("groupby((rollup($all,labels)))", "wrong_type", "'labels' (character 22) cannot tell groups apart: it is a list, which can only be compared with null.")]
    [InlineData("groupby((status,rolluprecursive($root/accounts,Tree,id)))", "query_not_understood", "$apply, character 17: rolluprecursive is not supported: a group goes by properties, or by rollup(…).")]
    [InlineData("groupby((year(starts_on)))", "query_not_understood", "$apply, character 10: a group goes by properties and by values with names: compute(year(…) as part)/groupby((part)).")]
    [InlineData("groupby((status),topcount(1,value))", "query_not_understood", "$apply, character 18: expected aggregate: no other steps are supported inside of groupby, but there is 'topcount'.")]
    [InlineData("groupby((rollup($all,status,title,number),rollup($all,months,value,starts_on),rollup($all,ends_on,opens,signed_at),rollup($all,industry)))", "query_too_large", "The levels of rollup may have 64 combinations.")]
    [InlineData("concat(aggregate($count as n))", "query_not_understood", "$apply, character 30: expected ',' and further steps, but there is ')'.")]
    [InlineData("concat(aggregate($count as n),aggregate(title with max as n))", "not_summable", "'n' has values of different types in the parts of concat ($apply, character 1): take different names.")]
    [InlineData("topsum(0,months)", "query_not_understood", "$apply, character 8: expected a number greater than 0, but there is '0'.")]
    [InlineData("toppercent(101,months)", "query_not_understood", "$apply, character 12: expected a number greater than 0, at most 100, but there is '101'.")]
    [InlineData("topsum(1,title)", "wrong_type", "The value at character 10 of $apply is not a number: it cannot be added up.")]
    [InlineData("join(lines as l)", "query_not_understood", "$apply, character 1: join is not supported. There are filter, compute, groupby, aggregate, concat, orderby, top, skip, identity, or topcount, topsum, toppercent and their opposites with bottom.")]
    [InlineData("com.example.own()", "query_not_understood", "$apply, character 1: expected filter, compute, groupby, aggregate, concat, orderby, top, skip, identity, or topcount, topsum, toppercent and their opposites with bottom, but there is 'com.example.own'.")]
    [InlineData("concat(concat(concat(concat(identity,identity),identity),identity),identity)", "query_too_large", "concat may be nested 3 deep.")]
    public async Task What_is_not_supported_is_refused(string apply, string code, string message)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?$apply={Encode(apply)}", "reader"));
        Assert.Equal((400, code, message), (error.Status, error.Code, error.Message));
    }

    private async Task AssertRows(string apply, string expected, string role = "reader") =>
        Assert.Equal(expected, (await database.ListAsync("contracts", $"?$apply={Encode(apply)}", role))["value"]!.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static string Encode(string query) => query.Replace(" ", "%20", StringComparison.Ordinal);
}
