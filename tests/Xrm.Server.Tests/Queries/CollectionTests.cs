using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Conditions about related records and about the values of lists.</summary>
public sealed class CollectionTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    [Theory]
    [InlineData("lines/any()", "C-00001 C-00002")]
    [InlineData("not lines/any()", "C-00003")]
    [InlineData("lines/any(l: l/amount gt 2)", "C-00001 C-00002")]
    [InlineData("lines/any(l: l/amount gt 3)", "C-00002")]
    [InlineData("lines/all(l: l/amount gt 2)", "C-00002 C-00003")]
    [InlineData("lines/all(l: l/delivered_at gt 2026-01-01)", "C-00003")]
    [InlineData("not lines/all(l: l/amount gt 2)", "C-00001")]
    [InlineData("lines/any(l: l/asset/code eq 'PUMP-1')", "C-00001")]
    [InlineData("lines/any(l: l/amount lt value)", "C-00001 C-00002")]
    [InlineData("lines/any(l: l/amount lt $it/value and l/contract/title eq title)", "C-00001 C-00002")]
    [InlineData("lines/any(l: l/product eq 'Pump' and industry eq 'tech')", "C-00001")]
    [InlineData("topics/any(t: t/name eq 'Law')", "C-00001")]
    [InlineData("topics/any(t: t/contracts/any(c: c/number eq 'C-00001'))", "C-00001")]
    [InlineData("account/contracts/any(c: c/lines/any(l: l/amount eq c/lines/$count add 0.2))", "C-00001")]
    [InlineData("account/contracts/$count eq 1", "C-00001 C-00002")]
    [InlineData("lines/$count gt 1", "C-00001")]
    [InlineData("lines/$count($filter=amount gt 2) eq 1", "C-00001 C-00002")]
    [InlineData("topics/$count eq 0", "C-00002 C-00003")]
    [InlineData("labels/any(t: t eq 'a')", "C-00001")]
    [InlineData("labels/any(t: t in ('x','b c'))", "C-00001")]
    [InlineData("labels/any(t: startswith(t,'b') and t ne title)", "C-00001")]
    [InlineData("not labels/any(t: t eq 'a')", "C-00002 C-00003")]
    [InlineData("labels/all(t: length(t) eq 1)", "C-00002 C-00003")]
    [InlineData("labels/any()", "C-00001")]
    [InlineData("labels/$count eq 0", "C-00002 C-00003")]
    [InlineData("labels has 'b c'", "C-00001")]
    [InlineData("not (labels has 'a')", "C-00002 C-00003")]
    public async Task A_condition_about_items_finds_what_OData_says(string filter, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", $"?$orderby=number&$filter={Uri.EscapeDataString(filter)}", "reader"));

    [Theory]
    [InlineData("lines/$count desc,number", "C-00001 C-00002 C-00003")]
    [InlineData("lines/$count($filter=amount gt 3) desc,number", "C-00002 C-00001 C-00003")]
    public async Task Rows_are_sorted_by_how_many_related_records_they_have(string order, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", $"?$orderby={Uri.EscapeDataString(order)}", "reader"));

    [Theory]
    [InlineData("contracts/any(c: c/number eq 'C-00001')", "Acme")]
    [InlineData("contracts/any(c: c/number eq 'C-00002')", "")]
    [InlineData("contracts/any(c: c/number eq 'C-00004')", "")]
    [InlineData("contracts/$count eq 0 and name eq 'ätna'", "\\u00E4tna")]
    public async Task Records_that_the_caller_may_not_see_do_not_count(string filter, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("accounts", "name", $"?$filter={Uri.EscapeDataString(filter)}", "clerk_and_accounts"));

    [Theory]
    [InlineData("lines/any(l: l/amount gt 1)", 403, "no_right")]
    [InlineData("lines/$count gt 1", 403, "no_right")]
    public async Task Records_of_a_kind_without_right_are_refused(string filter, int status, string code)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?$filter={Uri.EscapeDataString(filter)}", "clerk_and_accounts"));
        Assert.Equal((status, code), (error.Status, error.Code));
    }

    [Theory]
    [InlineData("line/any(l: l/amount gt 1)", "unknown_field", "contracts have no list and no related records named 'line'. Did you mean 'lines'?")]
    [InlineData("title/any(l: l eq 'x')", "not_filterable", "'title' (character 1) is not a list of values, nor are they related records.")]
    [InlineData("account/any(l: l eq 'x')", "not_filterable", "'account' (character 1) is not a list of values, nor are they related records.")]
    [InlineData("lines/any(l: l eq 'x')", "not_filterable", "'l' (character 14) is a record: name one of its properties, such as l/id.")]
    [InlineData("labels/any(l: l/name eq 'x')", "not_filterable", "'l' (character 15) is a value: it has no properties.")]
    [InlineData("lines/any(l: l/contract/lines/any(l: l/amount gt 1))", "not_filterable", "'l' (character 31) already names something here: take another name.")]
    [InlineData("labels has 5", "wrong_type", "'labels' is compared with the number 5 (character 12), but it is a text, written 'in quotes'.")]
    [InlineData("title has 'x'", "wrong_type", "'title' is not a list: 'has' asks whether a list has a value.")]
    [InlineData("lines/amount gt 1", "not_filterable", "'lines' is not a lookup: a path cannot go through it. Ask for its records with any, all or $count.")]
    [InlineData("labels/$count($filter=true) gt 1", "not_filterable", "'labels' is a list of values: $count takes no $filter there.")]
    public async Task A_condition_that_does_not_fit_is_refused(string filter, string code, string message)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?$filter={Uri.EscapeDataString(filter)}", "reader"));
        Assert.Equal((400, code, message), (error.Status, error.Code, error.Message));
    }
}
