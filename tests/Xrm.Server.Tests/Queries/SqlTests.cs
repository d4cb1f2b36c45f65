using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Server.OData;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Queries;

/// <summary>From a URL to the statement that runs.</summary>
public sealed class SqlTests
{
    [Fact]
    public void Plain_list() => Verify("contracts", "?$select=title,status,ends_on", "reader");

    [Fact]
    public void Own_records_only() => Verify("contracts", "?$select=title", "clerk");

    [Fact]
    public void Comparisons() => Verify("contracts", "?$select=id&$filter=title eq 'a' and status ne 'draft' and value gt 10.5 and starts_on le 2026-01-01 and signed_at ge 2026-01-01T00:00:00Z and opens lt 10:00:00 and months eq 2.5", "reader");

    [Fact]
    public void Nulls_and_negations() => Verify("contracts", "?$select=id&$filter=not (title eq 'a') and value ne null and starts_on lt ends_on and not (value gt 5) and starts_on eq ends_on", "reader");

    [Fact]
    public void Lists() => Verify("contracts", "?$select=id&$filter=status in ('draft', null) and not (months in (1,2)) and months in (1.5, 2)", "reader");

    [Fact]
    public void Text_functions() => Verify("contracts", "?$select=id&$filter=contains(title,'50%25_\\') and startswith(tolower(title),'a') and endswith(title,status) and contains(title,'x') eq false", "reader");

    [Fact]
    public void Paths_through_lookups() => Verify("contracts", "?$select=id&$filter=account/industry eq 'tech' and account/holding/name eq 'x' and account/id eq 00000000-0000-7000-8000-000000000001&$orderby=account/name desc,status", "reader");

    [Fact]
    public void A_path_into_records_that_are_seen_only_in_part() => Verify("contract_lines", "?$select=id&$filter=contract/title eq 'a'", "clerk");

    [Fact]
    public void View_with_filter_and_order() => Verify("contracts", "?view=contract.tech&$select=title&$filter=status eq 'active'&$expand=account($select=name)", "reader");

    [Fact]
    public void Computed_field_that_is_not_stored() => Verify("contracts", "?$select=industry&$filter=industry eq 'tech'&$orderby=industry", "reader");

    [Fact]
    public void Expanded_lookups() => Verify("contracts", "?$select=title&$expand=account($select=name;$expand=holding($select=name)),regarding", "reader");

    [Fact]
    public void Expanded_lists() => Verify("contracts", "?$select=title&$expand=lines($select=product,delivered_at;$filter=amount gt 1;$orderby=amount desc;$top=5;$count=true;$expand=asset($select=code)),topics($select=name)", "reader");

    [Fact]
    public void Expanded_inverse() => Verify("accounts", "?$select=name&$expand=contracts($select=title)", "clerk_and_accounts");

    [Fact]
    public void Conditions_about_items() => Verify("accounts", "?$select=name&$filter=contracts/any(c: c/account/name eq name and c/industry eq 'tech' and c/status ne 'draft') and contracts/all(c: c/months gt 1)&$orderby=contracts/$count($filter=months gt 1) desc", "clerk_and_accounts");

    [Fact]
    public void Conditions_about_values_of_lists() => Verify("contracts", "?$select=title&$filter=labels/any(t: t eq 'a') and not (labels has 'b') and labels/any(t: startswith(t,'c')) and labels/$count lt 5 and topics/any(t: t/name eq 'Law')", "reader");

    [Fact]
    public void Calculations() => Verify("contracts", "?$select=title&$filter=value add 1 gt months mul 2.5 and months div 2 eq 3 and months divby 2 mod 2 lt 1 and account/score div 2 gt -months&$orderby=round(value) desc", "reader");

    [Fact]
    public void Functions() => Verify("contracts", "?$select=title&$filter=year(signed_at) eq 2026 and date(signed_at) le starts_on and hour(opens) eq 8 and signed_at lt now() and substring(trim(title),1,2) eq concat('a',status) and matchesPattern(title,'^a')", "reader");

    [Fact]
    public void Search() => Verify("accounts", "?$select=name&$search=Ünal 100%25&$top=10", "reader");

    [Fact]
    public void Computed_values() => Verify("contracts", "?$compute=value mul 1.2 as gross,year(starts_on) as started&$select=title,gross&$filter=started eq 2026&$orderby=gross desc&$top=5", "reader");

    [Fact]
    public void Summary() => Verify("contracts", "?$apply=filter(status eq 'active')/compute(year(starts_on) as started)/groupby((account/industry,started),aggregate(value with sum as total,value mul 2 with average as mean,title with countdistinct as titles,$count as number))/filter(total gt 10)&$filter=number ge 1&$orderby=total desc&$top=5&$skip=1", "clerk_and_accounts");

    [Fact]
    public void Summary_of_all() => Verify("contracts", "?$apply=aggregate(months with max as longest,$count as number)", "reader");

    [Fact]
    public void Summary_by_levels() => Verify("contracts", "?$apply=groupby((status,rollup(account/industry,account/name),rollup($all,months)),aggregate(value mul 2 with sum as total,$count as number))", "clerk_and_accounts");

    [Fact]
    public void Summary_of_several_parts() => Verify("contracts", "?$apply=filter(months gt 1)/groupby((status,account/name),aggregate(value with sum as total))/filter(total gt 1)/concat(topcount(2,total),aggregate(total with sum as total))", "clerk_and_accounts");

    [Fact]
    public void Records_with_the_largest_values() => Verify("contracts", "?$apply=filter(status eq 'active')/topcount(5,value)/toppercent(50,account/score)&$select=title&$filter=months gt 1&$orderby=account/name", "clerk_and_accounts");

    [Fact]
    public void Computed_rollups()
    {
        var published = new PackageBuilder("computed")
            .Entity("team", Over("strongest", "person", "team", "text", "last", "\"field\": \"title\", \"orderBy\": \"won\""), """{ "name": "mark", "type": "text", "formula": "strongest + '!'" }""")
            .EntityWith("person", "\"features\": [\"recycleBin\"]",
                """{ "name": "team", "type": "lookup", "target": "team" }""",
                Over("won", "game", "player", "decimal", "sum", "\"field\": \"points\", \"where\": \"played_on <= today() && place.size > 10\""),
                Over("cities", "game", "player", "text", "concat", "\"field\": \"city\", \"orderBy\": \"played_on\""))
            .Entity("place", """{ "name": "size", "type": "integer" }""")
            .Entity("game", """{ "name": "points", "type": "decimal", "scale": 2 }""", """{ "name": "played_on", "type": "date" }""", """{ "name": "place", "type": "lookup", "target": "place" }""",
                """{ "name": "player", "type": "lookup", "targets": [ "person", "team" ] }""", """{ "name": "city", "type": "text", "formula": "place.title" }""")
            .Publish();
        var context = new QueryContext(published, Caller.System, QueryModel.Now);
        var url = "?$select=title,won,cities&$filter=won gt 10 and team/mark ne 'x'&$orderby=won desc&$top=5";
        Snapshot.Verify($"{url}\n\n{QueryPlan.For("persons", ODataUrl.Parse(url), context).ToSql("org")}");

        static string Over(string name, string entity, string via, string type, string aggregate, string more) =>
            $$"""{ "name": "{{name}}", "type": "{{type}}", "rollup": { "entity": "{{entity}}", "via": "{{via}}", "aggregate": "{{aggregate}}", "stored": false, {{more}} } }""";
    }

    [Theory]
    [InlineData("One_unit", 1)]
    [InlineData("Many_units", 9)]
    public void Records_of_units(string name, int units)
    {
        var published = new PackageBuilder("units")
            .EntityJson("""{ "name": "business_unit", "plural": "business_units", "primary": "name", "fields": [ { "name": "name", "type": "text" }, { "name": "parent", "type": "parent" } ] }""")
            .EntityWith("matter", "\"ownership\": \"user\"", """{ "name": "place", "type": "lookup", "target": "business_unit" }""", """{ "name": "due_on", "type": "date" }""")
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "matter": { "read": "unitAndBelow" }, "business_unit": { "read": "organisation" } } }""").Publish();
        ImmutableArray<Guid> below = [.. Enumerable.Range(1, units).Select(number => new Guid(number, 0, 0, new byte[8]))];
        var caller = new Caller(QueryModel.Anna, "anna", "Anna", ["clerk"], isAdministrator: false, published.Model) { Membership = new Membership(below[0], below, [], [], []) };
        var url = "?$filter=due_on lt 2026-12-01&$orderby=due_on,title&$top=5&$select=title&$expand=place($select=name)&$count=true";
        var plan = QueryPlan.For("matters", ODataUrl.Parse(url), new QueryContext(published, caller, QueryModel.Now));
        Snapshot.Verify($"{url} (of {units} units)\n\n{plan.ToSql("org")}\n\n{plan.ToCountSql("org")}", name);
    }

    [Theory]
    [InlineData("One_filter", "clerk")]
    [InlineData("Several_filters", "clerk", "owner", "traveller")]
    public void Records_of_roles_with_filters(string name, params string[] roles)
    {
        var published = new PackageBuilder("filters")
            .EntityJson("""{ "name": "business_unit", "plural": "business_units", "primary": "name", "fields": [ { "name": "name", "type": "text" }, { "name": "parent", "type": "parent" } ] }""")
            .EntityJson("""{ "name": "user", "plural": "users", "primary": "name", "fields": [ { "name": "name", "type": "text" }, { "name": "region", "type": "text" } ] }""")
            .Entity("place", """{ "name": "region", "type": "text" }""")
            .EntityWith("matter", "\"ownership\": \"user\"", """{ "name": "place", "type": "lookup", "target": "place" }""", """{ "name": "region", "type": "text" }""", """{ "name": "secret", "type": "text", "access": { "read": ["owner"], "masked": ["clerk"], "mask": "lastFour" } }""")
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "matter": { "read": "unit", "export": "own", "filter": "region == user.region" }, "place": { "read": "organisation", "filter": "region == user.region" } } }""")
            .File("roles/owner.json", """{ "name": "owner", "entities": { "matter": { "read": "own", "export": "own" } } }""")
            .File("roles/traveller.json", """{ "name": "traveller", "entities": { "matter": { "read": "organisation", "filter": "place.region != user.region" } } }""").Publish();
        var unit = new Guid(1, 0, 0, new byte[8]);
        var caller = new Caller(QueryModel.Anna, "anna", "Anna", [.. roles], isAdministrator: false, published.Model)
        {
            Membership = new Membership(unit, [unit], [], [], []) { Values = new Dictionary<string, object> { ["region"] = "west" } },
        };
        var url = "?$orderby=title&$top=5&$select=title,secret&$expand=place($select=title)";
        var plan = QueryPlan.For("matters", ODataUrl.Parse(url), new QueryContext(published, caller, QueryModel.Now));
        Snapshot.Verify($"{url} ({string.Join(", ", roles)})\n\n{plan.ToSql("org")}\n\n{plan.ToCountSql("org")}", name);
    }

    private static void Verify(string collection, string url, string role, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var (query, context) = (ODataUrl.Parse(url), QueryModel.Context(QueryModel.Person(role)));
        var sql = query.KeepsRecords ? QueryPlan.For(collection, query, context).ToSql("org") : SummaryPlan.For(collection, query, context).ToSql("org");
        Snapshot.Verify($"{url} ({role})\n\n{sql}", name);
    }
}
