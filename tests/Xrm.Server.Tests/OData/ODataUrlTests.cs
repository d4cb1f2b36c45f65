using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.OData;

namespace Xrm.Server.Tests.OData;

public sealed class ODataUrlTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("?$select=id,title&$top=5&$skip=10&$count=true", "select id,title top 5 skip 10 count")]
    [InlineData("?%24select=*", "select *")]
    [InlineData("?select=title&top=5", "select title top 5")]
    [InlineData("?view=contract.active", "view contract.active")]
    [InlineData("?$orderby=title%20desc,account/name,created_at+asc", "order title desc,account/name,created_at")]
    [InlineData("?$search=%22caf%C3%A9%20bar%22", "search \"café bar\"")]
    [InlineData("?$search=%20%20", "")]
    [InlineData("?$expand=account", "expand account()")]
    [InlineData("?$expand=account($select=name;$expand=parent),lines($orderby=position desc;$top=5;$filter=amount gt 1)", "expand account(select name expand parent()),lines(filter (amount Greater Number:1) order position desc top 5)")]
    [InlineData("?$expand=account(select=name)", "expand account(select name)")]
    [InlineData("?$TOP=5&OrderBy=title DESC,number ASC&$Expand=lines($Top=1;ORDERBY=amount desc)", "order title desc,number top 5 expand lines(order amount desc top 1)")]
    [InlineData("?$format=json", "")]
    public void Options_are_understood(string? url, string expected) => Assert.Equal(expected, Print(ODataUrl.Parse(url)));

    [Theory]
    [InlineData("?filter2=a", "There is no option 'filter2'. There are $select, $filter, $orderby, $top, $skip, $skiptoken, $count, $expand, $apply, $compute, $search, $format, view, deleted.")]
    [InlineData("?$top=5&$top=6", "$top is given twice.")]
    [InlineData("?$top=5&top=6", "$top is given twice.")]
    [InlineData("?$top=5&$TOP=6", "$top is given twice.")]
    [InlineData("?$select=account/name", "$select, character 8: values of related records come with $expand=account($select=…), or with $compute and a name.")]
    [InlineData("?$top=-1", "$top, character 1: expected a whole number, 0 or greater, but there is '-1'.")]
    [InlineData("?$top=1.5", "$top, character 1: expected a whole number, 0 or greater, but there is '1.5'.")]
    [InlineData("?$top=99999999999", "$top, character 1: expected a whole number, 0 or greater, but there is '99999999999'.")]
    [InlineData("?$count=yes", "$count, character 1: expected true, false, or (not inside of $expand) estimate, but there is 'yes'.")]
    [InlineData("?$select=id,,title", "$select, character 4: expected the name of a property, but there is ','.")]
    [InlineData("?$select=id;drop", "$select, character 3: expected the end, or an operator, but there is ';'.")]
    [InlineData("?$orderby=title up", "$orderby, character 7: expected the end, or an operator, but there is 'up'.")]
    [InlineData("?$expand=lines($search=x)", "$expand, character 7: expected $select, $filter, $compute, $orderby, $top, $skip, $count or $expand, but there is '$search'.")]
    [InlineData("?$expand=lines($top=1;$top=2)", "$expand, character 19: $top is given twice.")]
    [InlineData("?$expand=lines($top=1", "$expand, character 13: expected ';' or ')', but it ends.")]
    [InlineData("?$expand=a($expand=b($expand=c($expand=d($expand=e))))", "$expand may be nested 4 deep.")]
    [InlineData("?$format=xml", "$format can be json or csv.")]
    public void A_wrong_option_is_refused(string url, string message)
    {
        var error = Assert.Throws<XrmException>(() => ODataUrl.Parse(url));
        Assert.Equal((400, message), (error.Status, error.Message));
    }

    private static string Print(DataQuery query)
    {
        var parts = new List<string>();
        if (query.View is not null) parts.Add($"view {query.View}");
        if (query.Select.Length > 0) parts.Add($"select {string.Join(',', query.Select.Select(name => name.Name))}");
        if (query.Filter is not null) parts.Add($"filter {QueryPrinter.Print(query.Filter)}");
        if (query.OrderBy.Length > 0) parts.Add($"order {string.Join(',', query.OrderBy.Select(item => QueryPrinter.Print(item.By) + (item.Descending ? " desc" : "")))}");
        if (query.Top is { } top) parts.Add($"top {top}");
        if (query.Skip > 0) parts.Add($"skip {query.Skip}");
        if (query.Count) parts.Add("count");
        if (query.Expand.Length > 0) parts.Add($"expand {string.Join(',', query.Expand.Select(item => $"{item.Name}({Print(item.Options)})"))}");
        if (query.Search is not null) parts.Add($"search {query.Search}");
        return string.Join(' ', parts);
    }
}
