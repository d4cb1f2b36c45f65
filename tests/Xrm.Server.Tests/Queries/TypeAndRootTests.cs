using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Conditions about the types of values, and about records that the query names.</summary>
public sealed class TypeAndRootTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    private const string Acme = "00000000-0000-7000-8000-0000000000a1", Alpha = "00000000-0000-7000-8000-0000000000c1", Beta = "00000000-0000-7000-8000-0000000000c2";

    [Theory]
    [InlineData("isof(regarding,Xrm.asset)", "C-00001")]
    [InlineData("isof(regarding,Xrm.account)", "C-00002")]
    [InlineData("isof(regarding,'Xrm.account') and cast(months,'Edm.String') ne null", "C-00002")]
    [InlineData("not isof(regarding,Xrm.account)", "C-00001 C-00003")]
    [InlineData("isof(regarding,Xrm.topic)", "")]
    [InlineData("isof(account,Xrm.account)", "C-00001 C-00002")]
    [InlineData("isof(account/holding,Xrm.account)", "C-00002")]
    [InlineData("isof(account,Xrm.asset) eq false", "C-00001 C-00002 C-00003")]
    [InlineData("isof(Xrm.contract)", "C-00001 C-00002 C-00003")]
    [InlineData("isof(Xrm.account)", "")]
    [InlineData("isof(months,Edm.Int64)", "C-00001 C-00002")]
    [InlineData("isof(months,Edm.Decimal)", "")]
    [InlineData("isof(title,Edm.String) and isof(value add 1,Edm.Decimal)", "C-00001 C-00002")]
    [InlineData("isof(signed_at,Edm.DateTimeOffset) or isof(null,Edm.Guid)", "C-00001")]
    public async Task Types_of_values_are_known(string filter, string numbers) => await AssertNumbers(filter, numbers);

    [Theory]
    [InlineData("regarding/Xrm.account/name eq 'Acme'", "C-00002")]
    [InlineData("regarding/Xrm.asset/code eq 'PUMP-1' or regarding/Xrm.account/industry eq 'tech'", "C-00001 C-00002")]
    [InlineData("regarding/Xrm.account/name eq null", "C-00001 C-00003")]
    [InlineData("regarding/Xrm.account/id ne null", "C-00002")]
    [InlineData("regarding/Xrm.account/holding eq null and regarding ne null", "C-00001 C-00002")]
    [InlineData("regarding/Xrm.account/contracts/any(c: c/number eq 'C-00001')", "C-00002")]
    [InlineData("account/Xrm.account/name eq 'Acme'", "C-00001")]
    [InlineData("lines/any(l: l/contract/regarding/Xrm.asset/code eq 'PUMP-1')", "C-00001")]
    public async Task A_path_goes_through_lookups_of_several_kinds(string filter, string numbers) => await AssertNumbers(filter, numbers);

    [Theory]
    [InlineData("account eq null", "C-00003")]
    [InlineData("null ne account", "C-00001 C-00002")]
    [InlineData("account/holding ne null", "C-00002")]
    [InlineData("not (regarding eq null)", "C-00001 C-00002")]
    [InlineData("$it/account eq null", "C-00003")]
    [InlineData("lines/any(l: l/asset ne null)", "C-00001")]
    [InlineData("lines/any(l: l/asset eq null)", "C-00001 C-00002")]
    public async Task A_lookup_is_asked_whether_it_points_to_anything(string filter, string numbers) => await AssertNumbers(filter, numbers);

    [Fact]
    public async Task Values_behind_lookups_of_several_kinds_are_shown_sorted_and_summed()
    {
        Assert.Equal("null null Acme", await database.ValuesAsync("contracts", "of", "?$compute=regarding/Xrm.account/name as of&$select=of&$orderby=regarding/Xrm.account/name,number", "reader"));
        var rows = await database.ListAsync("contracts", "?$apply=compute(regarding/Xrm.asset/code as code)/groupby((code),aggregate($count as n))", "reader");
        Assert.Equal("""[{"code":null,"n":2},{"code":"PUMP-1","n":1}]""", rows["value"]!.ToJsonString());
    }

    [Fact]
    public async Task Behind_lookups_of_several_kinds_only_what_the_caller_may_see_is_compared()
    {
        Assert.Equal(403, (await Refused("regarding/Xrm.account/name eq 'Acme'", "clerk")).Status);
        Assert.Equal(403, (await Refused("regarding/Xrm.asset/code eq 'PUMP-1'", "clerk_and_accounts")).Status);
        Assert.Equal("C-00001", await database.ValuesAsync("contracts", "number", "?$filter=regarding/Xrm.account/name eq null", "clerk_and_accounts"));
    }

    [Theory]
    [InlineData($"account/name eq $root/accounts({Acme})/name", "C-00001")]
    [InlineData("months lt $root/contracts(number='C-00001')/months", "C-00002")]
    [InlineData($"account/score eq $root/contracts(id={Alpha})/account/score", "C-00001")]
    [InlineData($"value gt $root/contracts({Alpha})/value div 2", "C-00001 C-00002")]
    [InlineData("industry eq $root/contracts(number='C-00002')/industry", "C-00002")]
    [InlineData("months eq $root/contracts(number='nothing')/months", "C-00003")]
    [InlineData($"$root/contracts({Beta})/status eq 'active'", "C-00001 C-00002 C-00003")]
    [InlineData("lines/any(l: l/amount gt $root/contract_lines(00000000-0000-7000-8000-0000000000d2)/amount)", "C-00002")]
    public async Task Records_are_named_by_their_keys(string filter, string numbers) => await AssertNumbers(filter, numbers);

    [Fact]
    public async Task A_summary_compares_with_records_that_are_named()
    {
        var rows = await database.ListAsync("contracts", $"?$apply=groupby((status),aggregate(months%20with%20sum%20as%20n))&$filter=n%20eq%20$root/contracts({Alpha})/months", "reader");
        Assert.Equal("""[{"status":"draft","n":12}]""", rows["value"]!.ToJsonString());
    }

    [Fact]
    public async Task Records_that_the_caller_may_not_see_have_no_values()
    {
        Assert.Equal("C-00001", await database.ValuesAsync("contracts", "number", $"?$filter=$root/contracts({Beta})/months%20eq%20null", "clerk"));
        Assert.Equal("C-00001", await database.ValuesAsync("contracts", "number", $"?$filter=$root/contracts({Alpha})/months%20eq%2012", "clerk"));
        Assert.Equal(403, (await Refused($"$root/accounts({Acme})/name eq 'Acme'", "clerk")).Status);
        Assert.Equal(403, (await Refused($"$root/contracts({Alpha})/penalty eq 7", "reader")).Status);
    }

    [Theory]
    [InlineData("isof(title,Xrm.nothing)", "wrong_type", "There is no type 'Xrm.nothing' (isof, character 1). Types are those of $metadata: Xrm. and the name of an entity, or Edm.String, Edm.Int64, Edm.Decimal, Edm.Double, Edm.Boolean, Edm.Guid, Edm.Date, Edm.DateTimeOffset, Edm.TimeOfDay.")]
    [InlineData("isof(title,Xrm.account)", "wrong_type", "isof (character 1) asks for the type of a record: what stands before 'Xrm.account' must be a lookup.")]
    [InlineData("isof(title)", "wrong_type", "There is no type 'title' (isof, character 1). Types are those of $metadata: Xrm. and the name of an entity, or Edm.String, Edm.Int64, Edm.Decimal, Edm.Double, Edm.Boolean, Edm.Guid, Edm.Date, Edm.DateTimeOffset, Edm.TimeOfDay.")]
    [InlineData("isof(title,5)", "query_not_understood", "$filter, character 12: expected the name of a type, such as Xrm.account, but there is '5'.")]
    [InlineData("$root/account(00000000-0000-7000-8000-0000000000a1)/name eq 'x'", "not_filterable", "There is no collection 'account' (character 1). Did you mean 'accounts'?")]
    [InlineData("$root/accounts/$count gt 1", "query_not_understood", "$filter, character 15: expected '(' and the key of a record: $root leads to one record, but there is '/'.")]
    [InlineData("$root/accounts(name='Acme')/name eq 'x'", "not_filterable", "Accounts have no key of name (character 1).")]
    [InlineData("$root/contracts(00000000-0000-7000-8000-0000000000c1)/lines/$count gt 1", "query_not_understood", "$filter, character 60: any, all and $count are not supported behind $root.")]
    [InlineData("$root eq 1", "query_not_understood", "$filter, character 7: expected '/' and the name of a collection, but there is 'eq'.")]
    public async Task What_makes_no_sense_is_refused(string filter, string code, string message)
    {
        var error = await Refused(filter, "reader");
        Assert.Equal((400, code, message), (error.Status, error.Code, error.Message));
    }

    private Task<XrmException> Refused(string filter, string role) => Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?$filter={Uri.EscapeDataString(filter)}", role));

    private async Task AssertNumbers(string filter, string numbers) =>
        Assert.Equal(numbers, await database.ValuesAsync("contracts", "number", $"?$filter={Uri.EscapeDataString(filter)}&$orderby=number", "reader"));
}
