using System.Text.Json.Nodes;
using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Queries against a real PostgreSQL.</summary>
public sealed class ReadTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    private const string Quoted = "\\u0022";

    [Theory]
    [InlineData("", "C-00001 C-00002 C-00003")]
    [InlineData("status eq 'draft'", "C-00001")]
    [InlineData("status ne 'draft'", "C-00002 C-00003")]
    [InlineData("not (status eq 'draft')", "C-00002 C-00003")]
    [InlineData("not (status ne 'draft')", "C-00001")]
    [InlineData("status eq null", "C-00003")]
    [InlineData("status ne null", "C-00001 C-00002")]
    [InlineData("null eq status", "C-00003")]
    [InlineData("months gt 6", "C-00001")]
    [InlineData("not (months gt 6)", "C-00002 C-00003")]
    [InlineData("months gt null", "")]
    [InlineData("months ge null", "C-00003")]
    [InlineData("months in (6, 12.0)", "C-00001 C-00002")]
    [InlineData("months in (6, null)", "C-00002 C-00003")]
    [InlineData("not (months in (6))", "C-00001 C-00003")]
    [InlineData("months eq 6.5", "")]
    [InlineData("months lt 99999999999999999999999", "C-00001 C-00002")]
    [InlineData("value eq 9999999999.99", "C-00002")]
    [InlineData("value gt 1e1", "C-00001 C-00002")]
    [InlineData("starts_on eq ends_on", "C-00002 C-00003")]
    [InlineData("starts_on lt ends_on", "C-00001")]
    [InlineData("starts_on ge 2026-06-01", "C-00002")]
    [InlineData("starts_on ge 0001-01-01 and starts_on le 9999-12-31", "C-00001 C-00002")]
    [InlineData("signed_at eq 2026-01-01T11:00:00.5+01:00", "C-00001")]
    [InlineData("signed_at ge 2026-01-01", "C-00001")]
    [InlineData("opens eq 08:30:00", "C-00001")]
    [InlineData("contains(title,'ph')", "C-00001")]
    [InlineData("contains(title,'🏢')", "C-00003")]
    [InlineData("contains(title,'\"q')", "C-00003")]
    [InlineData("startswith(tolower(title),'ünï')", "C-00003")]
    [InlineData("endswith(toupper(title),'A')", "C-00001 C-00002")]
    [InlineData("endswith(title,status)", "")]
    [InlineData("contains(status,'r') eq true", "C-00001")]
    [InlineData("not contains(status,'r')", "C-00002")]
    [InlineData("account/industry eq 'tech'", "C-00001")]
    [InlineData("account/industry ne 'tech'", "C-00002 C-00003")]
    [InlineData("account/holding/name eq 'Acme'", "C-00002")]
    [InlineData("account/id eq 00000000-0000-7000-8000-0000000000a2", "C-00002")]
    [InlineData("account/active", "C-00001")]
    [InlineData("not account/active", "C-00002")]
    [InlineData("account_id eq '00000000-0000-7000-8000-0000000000a2'", "C-00002")]
    [InlineData("regarding_type eq 'asset'", "C-00001")]
    [InlineData("industry eq 'tech'", "C-00001")]
    [InlineData("labels eq null", "C-00003")]
    [InlineData("true", "C-00001 C-00002 C-00003")]
    [InlineData("null", "")]
    [InlineData("1 eq 1", "C-00001 C-00002 C-00003")]
    [InlineData("status eq 'draft' or months eq 6", "C-00001 C-00002")]
    [InlineData("title eq '''; drop table org_main.contracts; --'", "")]
    [InlineData("title eq '\\'' or 1 eq 1 --'", "")]
    public async Task A_filter_finds_what_OData_says(string filter, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", filter.Length == 0 ? "?$orderby=number" : $"?$orderby=number&$filter={Uri.EscapeDataString(filter)}", "reader"));

    [Theory]
    [InlineData("contains(name,'50%')", "a3")]
    [InlineData("contains(name,'%_\\')", "a3")]
    [InlineData("startswith(name,'Zeta 5')", "a3")]
    [InlineData("contains(name,'_')", "a3")]
    [InlineData("score eq 1.5", "a1")]
    [InlineData("score lt 0", "a3")]
    public async Task Signs_that_patterns_use_are_only_signs(string filter, string expected) =>
        Assert.EndsWith(expected, await database.ValuesAsync("accounts", "id", $"?$filter={Uri.EscapeDataString(filter)}", "reader"));

    [Theory]
    [InlineData("?$orderby=name", "Acme ätna Zeta 50%_\\\\")]
    [InlineData("", "Acme ätna Zeta 50%_\\\\")]
    [InlineData("?$orderby=industry", "Zeta 50%_\\\\ Acme ätna")]
    [InlineData("?$orderby=industry desc", "ätna Acme Zeta 50%_\\\\")]
    [InlineData("?$orderby=holding/name desc,name", "Zeta 50%_\\\\ ätna Acme")]
    public async Task Rows_come_as_people_sort_them_and_null_first(string url, string expected) =>
        Assert.Equal(expected, System.Text.RegularExpressions.Regex.Unescape((await database.ValuesAsync("accounts", "name", url, "reader")).Replace("\\\\", "\\\\\\\\")));

    [Fact]
    public async Task A_view_brings_its_filter_and_order() =>
        Assert.Equal("C-00001", await database.ValuesAsync("contracts", "number", "?view=contract.tech", "reader"));

    [Theory]
    [InlineData("acme", "a1")]
    [InlineData("ÄTNA", "a2")]
    [InlineData("50%_", "a3")]
    [InlineData("example", "a1 a2")]
    [InlineData("acme info", "a1")]
    [InlineData("acme nothing", "")]
    public async Task Search_looks_into_primary_and_mail_in_any_case(string typed, string expected)
    {
        var ids = await database.ValuesAsync("accounts", "id", $"?$search={Uri.EscapeDataString(typed)}", "reader");
        Assert.Equal(expected, string.Join(' ', ids.Split(' ').Select(id => id.Length < 2 ? "" : id[^2..])));
    }

    [Fact]
    public async Task A_record_has_every_value_exactly()
    {
        var answer = await database.ListAsync("contracts", "?$filter=number eq 'C-00001'&$select=id,title,value,months,starts_on,ends_on,signed_at,opens,labels,extra,industry,account_id", "reader");
        const string Expected = """{"@odata.etag":"W/\"3\"","id":"00000000-0000-7000-8000-0000000000c1","title":"Alpha","account_id":"00000000-0000-7000-8000-0000000000a1","value":10.50,"months":12,"starts_on":"2026-01-01","ends_on":"2027-01-01","industry":"tech","signed_at":"2026-01-01T10:00:00.5Z","opens":"08:30:00","labels":["a","b c"],"extra":{"k":[1,2.50]}}""";
        Assert.Equal(Expected, answer["value"]![0]!.ToJsonString().Replace(Quoted, "\\\""));
    }

    [Fact]
    public async Task Expanded_records_stand_inside_the_row()
    {
        var answer = await database.ListAsync("contracts", "?$select=title&$orderby=number&$expand=account($select=name;$expand=holding($select=name)),regarding,lines($select=product,amount,delivered_at;$orderby=amount desc;$count=true;$expand=asset($select=code)),topics($select=name;$orderby=name desc)", "reader");
        var first = answer["value"]![0]!.ToJsonString();
        Assert.Contains("""
            "account":{"id":"00000000-0000-7000-8000-0000000000a1","name":"Acme","holding":null},"regarding":{"@odata.type":"#Xrm.asset","id":"00000000-0000-7000-8000-0000000000e1","label":"PUMP-1"}
            """.Trim(), first);
        Assert.Contains("""
            "lines":[{"id":"00000000-0000-7000-8000-0000000000d2","product":"Pipe","amount":2.20,"delivered_at":null,"asset":null},{"id":"00000000-0000-7000-8000-0000000000d1","product":"Pump","amount":1.10,"delivered_at":"2026-03-01T12:00:00.25Z","asset":{"id":"00000000-0000-7000-8000-0000000000e1","code":"PUMP-1"}}],"lines@odata.count":2
            """.Trim(), first);
        Assert.Contains("""
            "topics":[{"id":"00000000-0000-7000-8000-0000000000f2","name":"Money"},{"id":"00000000-0000-7000-8000-0000000000f1","name":"Law"}]
            """.Trim(), first);
        Assert.Equal("[]", answer["value"]![2]!["lines"]!.ToJsonString());
        Assert.Null(answer["value"]![2]!["account"]);
    }

    [Fact]
    public async Task An_inverse_collection_holds_only_what_is_alive()
    {
        var answer = await database.ListAsync("accounts", "?$select=name&$expand=contracts($select=number)", "reader");
        Assert.Equal("C-00001", Assert.Single(answer["value"]![0]!["contracts"]!.AsArray())!["number"]!.GetValue<string>());
    }

    [Fact]
    public async Task Own_rights_show_own_records_in_lists_counts_and_expansions()
    {
        var answer = await database.ListAsync("contracts", "?$count=true", "clerk");
        Assert.Equal(1, answer["@odata.count"]!.GetValue<int>());
        Assert.Equal("C-00001", Assert.Single(answer["value"]!.AsArray())!["number"]!.GetValue<string>());
        var lines = await database.ListAsync("contract_lines", "?$select=product&$orderby=product&$expand=contract($select=title)", "clerk");
        Assert.Equal("null Alpha Alpha", string.Join(' ', lines["value"]!.AsArray().Select(line => line!["contract"]?["title"]?.GetValue<string>() ?? "null")));
        Assert.Equal("Pipe Pump", await database.ValuesAsync("contract_lines", "product", "?$orderby=product&$filter=contract/title ne null", "clerk"));
    }

    [Fact]
    public async Task What_hides_behind_missing_rights_looks_absent()
    {
        var row = (await database.ListAsync("contracts", "?$select=number&$expand=account,regarding,topics", "clerk"))["value"]![0]!;
        Assert.Null(row["account"]);
        Assert.Null(row["regarding"]!["label"]);
        Assert.Empty(row["topics"]!.AsArray());
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_miss_a_row_where_the_order_has_ties()
    {
        await database.ExecuteAsync("insert into org_main.topics (id, name) select gen_random_uuid(), 'tie' from generate_series(1, 37)");
        var seen = new List<string>();
        var hasNext = true;
        for (var skip = 0; hasNext; skip += 10)
        {
            var page = await database.ListAsync("topics", $"?$filter=name eq 'tie'&$orderby=name&$skip={skip}&$top=1000", new[] { "reader" });
            var rows = page["value"]!.AsArray().Take(10).Select(row => row!["id"]!.GetValue<string>()).ToList();
            seen.AddRange(rows);
            hasNext = rows.Count == 10;
        }
        Assert.Equal((37, 37), (seen.Count, seen.Distinct().Count()));
    }

    [Fact]
    public async Task A_page_says_whether_there_is_a_next_one()
    {
        await database.ExecuteAsync("insert into org_main.assets (id, code) select gen_random_uuid(), 'many' from generate_series(1, 50)");
        var full = await database.ListAsync("assets", "?$filter=code eq 'many'&$count=true", "reader");
        Assert.Equal((50, 50, null), (full["value"]!.AsArray().Count, full["@odata.count"]!.GetValue<int>(), (string?)full["@odata.nextLink"]));
        await database.ExecuteAsync("insert into org_main.assets (id, code) values (gen_random_uuid(), 'many')");
        var part = await database.ListAsync("assets", "?$filter=code eq 'many'&$count=true", "reader");
        Assert.Equal((50, 51, "next"), (part["value"]!.AsArray().Count, part["@odata.count"]!.GetValue<int>(), (string?)part["@odata.nextLink"]));
        Assert.Null((await database.ListAsync("assets", "?$filter=code eq 'many'&$top=3", "reader"))["@odata.nextLink"]);
    }

    [Theory]
    [InlineData("contracts\"; drop table org_main.contracts; --", "")]
    [InlineData("contracts", "?$select=id\"; drop table org_main.contracts; --")]
    [InlineData("contracts", "?$select=(select password_hash from xrm.user)")]
    [InlineData("contracts", "?$orderby=id;drop table org_main.contracts")]
    [InlineData("contracts", "?$orderby=pg_sleep(10)")]
    [InlineData("contracts", "?$filter=pg_sleep(10) eq null")]
    [InlineData("contracts", "?$filter=id eq id or 1=1")]
    [InlineData("contracts", "?$filter=title eq 'a' union select 1")]
    [InlineData("contracts", "?$filter=\"title\" eq 'a'")]
    [InlineData("contracts", "?$filter=title eq $1")]
    [InlineData("contracts", "?$filter=title eq E'\\x27'")]
    [InlineData("contracts", "?$top=1;drop table org_main.contracts")]
    [InlineData("contracts", "?$skip=1 union select 1")]
    [InlineData("contracts", "?$expand=account($select=name) as x from xrm.user --")]
    [InlineData("contracts", "?view=contract.tech' or '1'='1")]
    [InlineData("_package", "")]
    [InlineData("xrm.user", "")]
    public async Task An_attack_through_a_name_is_refused(string collection, string url)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync(collection, url, "reader"));
        Assert.InRange(error.Status, 400, 404);
        Assert.Equal("C-00001 C-00002 C-00003", await database.ValuesAsync("contracts", "number", "?$orderby=number", "reader"));
    }

    [Theory]
    [InlineData("'; drop table org_main.contracts; --")]
    [InlineData("\\'; drop table org_main.contracts; --")]
    [InlineData("$1")]
    [InlineData("\") or true --")]
    [InlineData("%'; select pg_sleep(10); --")]
    [InlineData("/* */ union select password_hash from xrm.user")]
    public async Task An_attack_through_a_value_is_only_a_value(string attack)
    {
        var literal = Uri.EscapeDataString(attack.Replace("'", "''"));
        Assert.Equal("", await database.ValuesAsync("contracts", "number", $"?$filter=title eq '{literal}' or contains(title,'{literal}') or title in ('{literal}')", "reader"));
        Assert.Equal("", await database.ValuesAsync("accounts", "id", $"?$search={Uri.EscapeDataString(attack)}", "reader"));
        Assert.Equal("C-00001 C-00002 C-00003", await database.ValuesAsync("contracts", "number", "?$orderby=number", "reader"));
    }

    [Fact]
    public async Task Everything_at_once_still_runs()
    {
        JsonNode answer = await database.ListAsync("contracts", "?view=contract.tech&$count=true&$search=alp&$filter=not (industry eq 'x' or account/holding/name eq 'y')&$orderby=industry desc,account/name&$expand=lines($filter=contract/account/name ne null;$expand=contract($expand=account)),account($expand=contracts($expand=regarding)),owner&$top=5", "legal");
        Assert.Equal("C-00001", answer["value"]![0]!["number"]!.GetValue<string>());
        Assert.Equal(1, answer["@odata.count"]!.GetValue<int>());
    }
}
