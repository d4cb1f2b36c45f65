using System.Text.Json.Nodes;
using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Rows put together to groups, and values with names of the query's own.</summary>
public sealed class SummaryTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    [Theory]
    [InlineData("aggregate($count as n,value with sum as total)", """[{"n":3,"total":10000000010.49}]""")]
    [InlineData("aggregate(months with average as mean,months with min as low,months with max as high,months with count as known)", """[{"mean":9.0000000000000000,"low":6,"high":12,"known":2}]""")]
    [InlineData("aggregate(value mul value with sum as squares)", """[{"squares":99999999999800000110.2501}]""")]
    [InlineData("aggregate(value mul 9999999999999999999999999999 with max as huge)", """[{"huge":99999999999899999999999999990000000000.01}]""")]
    [InlineData("aggregate(account/score with sum as scores,account/industry with countdistinct as industries)", """[{"scores":1.5,"industries":2}]""")]
    [InlineData("filter(months gt 100)/aggregate(value with sum as total,$count as n)", """[{"total":null,"n":0}]""")]
    [InlineData("groupby((status))", """[{"status":null},{"status":"active"},{"status":"draft"}]""")]
    [InlineData("groupby((status),aggregate($count as n))&$orderby=n desc,status desc", """[{"status":"draft","n":1},{"status":"active","n":1},{"status":null,"n":1}]""")]
    [InlineData("groupby((account/industry,status),aggregate($count as n))&$filter=account/industry ne null&$orderby=account/industry", """[{"account":{"industry":"tech"},"status":"draft","n":1},{"account":{"industry":"trade"},"status":"active","n":1}]""")]
    [InlineData("compute(month(starts_on) as month)/groupby((month),aggregate(value with sum as total))/filter(month ne null)&$orderby=month desc", """[{"month":6,"total":9999999999.99},{"month":1,"total":10.50}]""")]
    [InlineData("groupby((account/holding/name),aggregate($count as n))&$top=1&$skip=1", """[{"account":{"holding":{"name":"Acme"}},"n":1}]""")]
    [InlineData("groupby((industry),aggregate($count as n))", """[{"industry":null,"n":1},{"industry":"tech","n":1},{"industry":"trade","n":1}]""")]
    [InlineData("filter(lines/any(l: l/amount gt 2))/aggregate(lines/$count with sum as lines_in_all)", """[{"lines_in_all":3}]""")]
    [InlineData("groupby((account/industry,status),aggregate(value with sum as total))/groupby((account/industry),aggregate(total with max as largest,$count as states))/filter(account/industry ne null)", """[{"account":{"industry":"tech"},"largest":10.50,"states":1},{"account":{"industry":"trade"},"largest":9999999999.99,"states":1}]""")]
    [InlineData("groupby((status),aggregate(value with sum as total))/aggregate(total with average as mean,$count as n)", """[{"mean":5000000005.24500000,"n":3}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/compute(months mul 2 as twice)/filter(twice gt 12)", """[{"status":"draft","months":12,"twice":24}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/topcount(1,months)", """[{"status":"draft","months":12}]""")]
    [InlineData("groupby((status),aggregate($count as n,months with sum as months))/filter(months ne null)/bottomcount(1,months)", """[{"status":"active","n":1,"months":6}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/orderby(months desc)/skip(1)/top(1)", """[{"status":"active","months":6}]""")]
    [InlineData("groupby((status),aggregate(months with sum as months))/orderby(months desc)", """[{"status":"draft","months":12},{"status":"active","months":6},{"status":null,"months":null}]""")]
    public async Task Rows_are_put_together(string apply, string expected) =>
        Assert.Equal(expected, (await database.ListAsync("contracts", $"?$apply={Encode(apply)}", "reader"))["value"]!.ToJsonString());

    [Theory]
    [InlineData("$apply=groupby((status),aggregate(months with sum as n))&$compute=n mul 2 as twice&$filter=twice gt 0&$orderby=twice&$select=twice", """[{"twice":12},{"twice":24}]""")]
    [InlineData("$apply=groupby((account/name,status),aggregate($count as n))&$select=account,n&$orderby=status desc,account/name&$top=1", """[{"account":{"name":"Acme"},"n":1}]""")]
    [InlineData("$apply=aggregate(months with sum as n,$count as c)&$compute=n div c as average&$select=*", """[{"n":18,"c":3,"average":6.0000000000000000}]""")]
    public async Task A_result_is_calculated_with_and_shown_in_part(string query, string expected) =>
        Assert.Equal(expected, (await database.ListAsync("contracts", "?" + query.Replace(" ", "%20", StringComparison.Ordinal), "reader"))["value"]!.ToJsonString());

    [Fact]
    public async Task Records_that_the_caller_may_not_see_are_not_summed()
    {
        var answer = await database.ListAsync("contracts", "?$apply=aggregate($count as n,value with sum as total)", "clerk");
        Assert.Equal("""[{"n":1,"total":10.50}]""", answer["value"]!.ToJsonString());
    }

    [Fact]
    public async Task A_summary_has_pages_and_a_count()
    {
        var answer = await database.ListAsync("contracts", "?$apply=groupby((status),aggregate($count as n))&$count=true&$top=2", "reader");
        Assert.Equal((3, 2), (answer["@odata.count"]!.GetValue<int>(), answer["value"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_summary_knows_views_and_searches()
    {
        var answer = await database.ListAsync("contracts", "?view=contract.tech&$search=alp&$apply=aggregate($count as n)", "reader");
        Assert.Equal("""[{"n":1}]""", answer["value"]!.ToJsonString());
    }

    [Theory]
    [InlineData("$compute=value mul 2 as double&$select=double&$orderby=double desc", """[{"id":"c2","double":19999999999.98},{"id":"c1","double":21.00},{"id":"c3","double":null}]""")]
    [InlineData("$compute=length(title) as size,year(starts_on) as started&$select=size,started&$filter=size lt 6 and started eq 2026&$orderby=size", """[{"id":"c2","size":4,"started":2026},{"id":"c1","size":5,"started":2026}]""")]
    [InlineData("$compute=lines/$count as lines_in_all,lines/any() as has_lines&$select=has_lines,lines_in_all&$orderby=lines_in_all,number&$top=2", """[{"id":"c3","has_lines":false,"lines_in_all":0},{"id":"c2","has_lines":true,"lines_in_all":1}]""")]
    [InlineData("$compute=now() as asked&$select=asked&$top=1&$orderby=number", """[{"id":"c1","asked":"2026-11-22T10:00:00Z"}]""")]
    public async Task A_computed_value_is_shown_filtered_and_sorted_by(string query, string expected)
    {
        var rows = (await database.ListAsync("contracts", $"?{Encode(query)}", "reader"))["value"]!.AsArray();
        foreach (var row in rows)
        {
            row!.AsObject().Remove("@odata.etag");
            row["id"] = row["id"]!.GetValue<string>()[^2..];
        }
        Assert.Equal(expected, rows.ToJsonString());
    }

    [Fact]
    public async Task A_computed_value_stands_beside_all_properties()
    {
        JsonNode row = (await database.ListAsync("contracts", "?$compute=months add 1 as more&$filter=more eq 13", "reader"))["value"]![0]!;
        Assert.Equal((13, "Alpha"), (row["more"]!.GetValue<int>(), row["title"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("$apply=groupby((status))&$expand=account", "not_summable", "Beside groupby, aggregate and concat there can be $compute, $filter, $orderby, $select, $top, $skip, $count=true, $search and view.")]
    [InlineData("$apply=groupby((status))&$select=title", "unknown_field", "The result of $apply has no 'title'. It has status.")]
    [InlineData("$apply=aggregate(title with sum as n)", "wrong_type", "'title' (character 11) is not a number: sum does not fit.")]
    [InlineData("$apply=aggregate(id with min as n)", "wrong_type", "'id' (character 11) can only be counted: min does not fit.")]
    [InlineData("$apply=groupby((regarding/Xrm.account/name))", "wrong_type", "'regarding/Xrm.account/name' (character 10) needs a name of its own: compute(regarding/Xrm.account/name as name)/groupby((name)).")]
    [InlineData("$apply=groupby((labels))", "wrong_type", "'labels' (character 10) cannot tell groups apart: it is a list, which can only be compared with null.")]
    [InlineData("$apply=groupby((status),aggregate($count as status))", "not_summable", "'status' ($apply, character 38) is there already: take another name.")]
    [InlineData("$apply=groupby((account/name),aggregate($count as account))", "not_summable", "'account' ($apply, character 44) is there already: take another name.")]
    [InlineData("$apply=groupby((status),aggregate($count as n))&$filter=title eq 'x'", "unknown_field", "The result of $apply has no 'title'. It has n, status.")]
    [InlineData("$apply=groupby((nothing))", "unknown_field", "contracts have no property 'nothing'.")]
    [InlineData("$apply=aggregate($count as n)/groupby((title))", "unknown_field", "The result of $apply has no 'title'. It has n.")]
    [InlineData("$apply=aggregate(value with median as n)", "query_not_understood", "$apply, character 22: expected sum, average, min, max, count or countdistinct, but there is 'median'.")]
    [InlineData("$apply=aggregate(value with sum as @x)", "query_not_understood", "$apply, character 29: a name has letters, digits and underscores.")]
    [InlineData("$compute=months add 1 as title", "not_filterable", "'title' (character 17) already names something here: take another name.")]
    [InlineData("$compute=months add 1 as a,a add 1 as b", "unknown_field", "contracts have no property 'a'.")]
    [InlineData("$compute=months add 1", "query_not_understood", "$compute, character 13: expected as and a name for the result, but it ends.")]
    public async Task What_does_not_fit_is_refused(string query, string code, string message)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?{Encode(query)}", "reader"));
        Assert.Equal((400, code, message), (error.Status, error.Code, error.Message));
    }

    [Fact]
    public async Task A_field_without_right_cannot_be_summed()
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", "?$apply=aggregate(penalty with sum as n)", "reader"));
        Assert.Equal((403, "no_right"), (error.Status, error.Code));
    }

    private static string Encode(string query) => query.Replace(" ", "%20", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal);
}
