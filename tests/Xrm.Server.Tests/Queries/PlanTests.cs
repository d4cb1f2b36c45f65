using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.OData;

namespace Xrm.Server.Tests.Queries;

/// <summary>What fits neither the model nor the caller's rights is refused before the database hears of it.</summary>
public sealed class PlanTests
{
    [Theory]
    [InlineData("contrats", "", 404, "unknown_collection", null, "There is no collection 'contrats'. Did you mean 'contracts'?")]
    [InlineData("contract", "", 404, "unknown_collection", null, "There is no collection 'contract'. Did you mean 'contracts'?")]
    [InlineData("pg_catalog", "", 404, "unknown_collection", null, "There is no collection 'pg_catalog'.")]
    [InlineData("_audit", "", 404, "unknown_collection", null, "There is no collection '_audit'.")]
    [InlineData("contracts", "?$select=titel", 400, "unknown_field", "titel", "contracts have no property 'titel'. Did you mean 'title'?")]
    [InlineData("contracts", "?$select=*,titel", 400, "unknown_field", "titel", "contracts have no property 'titel'. Did you mean 'title'?")]
    [InlineData("contracts", "?$filter=titel eq 'a'", 400, "unknown_field", "titel", "contracts have no property 'titel'. Did you mean 'title'?")]
    [InlineData("contracts", "?$filter=account eq 'a'", 400, "unknown_field", "account", "contracts have no property 'account'. Did you mean 'account_id'?")]
    [InlineData("contracts", "?$filter=account/nam eq 'a'", 400, "unknown_field", "account/nam", "accounts have no property 'nam'. Did you mean 'name'?")]
    [InlineData("contracts", "?$filter=title/length eq 1", 400, "not_filterable", "title/length", "'title' is not a lookup: a path cannot go through it.")]
    [InlineData("contracts", "?$filter=lines/amount gt 1", 400, "not_filterable", "lines/amount", "'lines' is not a lookup: a path cannot go through it. Ask for its records with any, all or $count.")]
    [InlineData("contracts", "?$filter=regarding/name eq 'a'", 400, "not_filterable", "regarding/name", "'regarding' points to records of several kinds: say which, as in regarding/Xrm.account/id, or compare regarding_id.")]
    [InlineData("contracts", "?$filter=regarding/Xrm.topic/name eq 'a'", 400, "wrong_type", "regarding/Xrm.topic/name", "'regarding' never points to 'Xrm.topic': there are Xrm.account, Xrm.asset.")]
    [InlineData("contracts", "?$filter=account/Xrm.asset/code eq 'a'", 400, "wrong_type", "account/Xrm.asset/code", "'account' never points to 'Xrm.asset': there are Xrm.account.")]
    [InlineData("contracts", "?$filter=regarding/Xrm.account eq null", 400, "unknown_field", "regarding/Xrm.account", "accounts have no property 'Xrm.account'.")]
    [InlineData("contracts", "?$expand=regarding($select=name)", 400, "not_filterable", "regarding", "'regarding' points to records of several kinds and shows their kind and title: options do not apply to it. Take values with $compute=regarding/Xrm.account/… as name.")]
    [InlineData("contracts", "?$orderby=nothing", 400, "unknown_field", "nothing", "contracts have no property 'nothing'.")]
    [InlineData("contracts", "?$orderby=labels", 400, "wrong_type", "labels", "'labels' has no order: it is a list, which can only be compared with null.")]
    [InlineData("contracts", "?$expand=acount", 400, "unknown_field", "acount", "contracts have nothing to expand named 'acount'. Did you mean 'account'?")]
    [InlineData("contracts", "?$expand=title", 400, "unknown_field", "title", "contracts have nothing to expand named 'title'.")]
    [InlineData("contracts", "?$expand=account,account", 400, "not_filterable", "account", "'account' is expanded twice.")]
    [InlineData("contracts", "?$expand=account($top=1)", 400, "not_filterable", "account", "'account' is one record: only $select and $expand apply to it.")]
    [InlineData("contracts", "?$expand=lines($top=1001)", 400, "query_too_large", null, "$top inside $expand may be 1000.")]
    [InlineData("contracts", "?view=contract.teck", 400, "unknown_view", null, "contracts have no view 'contract.teck'. Did you mean 'contract.tech'?")]
    [InlineData("accounts", "?view=contract.tech", 400, "unknown_view", null, "accounts have no view 'contract.tech'.")]
    [InlineData("contracts", "?$filter=title eq 5", 400, "wrong_type", "title", "'title' is compared with the number 5 (character 10), but it is a text, written 'in quotes'.")]
    [InlineData("contracts", "?$filter=months eq '5'", 400, "wrong_type", "months", "'months' is compared with a text (character 11), but it is a whole number.")]
    [InlineData("contracts", "?$filter=starts_on eq '2026-01-01'", 400, "wrong_type", "starts_on", "'starts_on' is compared with a text (character 14), but it is a date, written 2026-11-22 without quotes.")]
    [InlineData("contracts", "?$filter=starts_on eq 2026-01-01T00:00:00Z", 400, "wrong_type", "starts_on", "'starts_on' is compared with a date and time (character 14), but it is a date, written 2026-11-22 without quotes.")]
    [InlineData("contracts", "?$filter=account_id eq 'x'", 400, "wrong_type", "account_id", "'account_id' is compared with a text (character 15), but it is a UUID.")]
    [InlineData("contracts", "?$filter=value in (1,'a')", 400, "wrong_type", "value", "'value' is compared with a text (character 13), but it is a number.")]
    [InlineData("contracts", "?$filter=title", 400, "wrong_type", "title", "'title' (character 1) is not a condition: it is not true or false.")]
    [InlineData("contracts", "?$filter=title eq months", 400, "wrong_type", "title", "'title' is a text, written 'in quotes', and what it is compared with is not.")]
    [InlineData("contracts", "?$filter=extra eq 'a'", 400, "wrong_type", "extra", "'extra' is compared with a text (character 10), but it is JSON, which can only be compared with null.")]
    [InlineData("contracts", "?$filter=contains(months,'a')", 400, "wrong_type", "months", "'months' (character 10) is not a text, as contains needs it.")]
    [InlineData("contracts", "?$filter=true gt false", 400, "wrong_type", "the constant", "'the constant' is true or false: neither is greater.")]
    [InlineData("contracts", "?$skip=1000001", 400, "query_too_large", null, "$skip may be 1000000.")]
    public void A_query_that_does_not_fit_the_model_is_refused(string collection, string url, int status, string code, string? field, string message) =>
        Check(collection, url, "reader", (status, code, field, message));

    [Theory]
    [InlineData("accounts", "", "clerk", null, "You may not see Accounts.")]
    [InlineData("contracts", "", "nobody", null, "You may not see Contracts.")]
    [InlineData("topics", "", "clerk", null, "You may not see Topics.")]
    [InlineData("contracts", "?$filter=account/name eq 'a'", "clerk", null, "You may not see Accounts.")]
    [InlineData("contracts", "?$orderby=account/name", "clerk", null, "You may not see Accounts.")]
    [InlineData("contracts", "?$filter=penalty gt 5", "reader", "penalty", "You may not see 'penalty'.")]
    [InlineData("contracts", "?$orderby=penalty", "reader", "penalty", "You may not see 'penalty'.")]
    [InlineData("contract_lines", "?$filter=contract/penalty gt 5", "reader", "contract/penalty", "You may not see 'contract/penalty'.")]
    public void What_the_caller_may_not_see_cannot_be_asked_for(string collection, string url, string role, string? field, string message) =>
        Check(collection, url, role, (403, "no_right", field, message));

    [Fact]
    public void A_field_that_the_caller_may_not_see_is_absent_even_when_selected()
    {
        Assert.DoesNotContain("penalty", Sql("?$select=title,penalty", "reader"));
        Assert.DoesNotContain("penalty", Sql("", "reader"));
        Assert.Contains("penalty", Sql("", "legal"));
    }

    [Fact]
    public void The_mark_of_deletion_is_never_shown() => Assert.DoesNotContain("\"deleted_at\",", Sql("", "legal"));

    private static string Sql(string url, string role) =>
        QueryPlan.For("contracts", ODataUrl.Parse(url), QueryModel.Context(QueryModel.Person(role))).ToSql("org");

    private static void Check(string collection, string url, string role, (int, string, string?, string) expected)
    {
        var error = Assert.Throws<XrmException>(() => QueryPlan.For(collection, ODataUrl.Parse(url), QueryModel.Context(QueryModel.Person(role))));
        Assert.Equal(expected, (error.Status, error.Code, error.Errors.FirstOrDefault()?.Field, error.Message));
    }
}
