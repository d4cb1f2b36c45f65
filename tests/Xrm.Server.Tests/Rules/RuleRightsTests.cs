using System.Reflection;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Rules;

/// <summary>What rules, formulas and their tools tell people of values and records that they may not see.</summary>
public sealed class RuleRightsTests(StaffApplication staff) : IClassFixture<StaffApplication>
{
    private readonly (TestClient Admin, TestClient Clerk, string Person) _staff = (staff.Admin, staff.Clerk, staff.Person);

    [Theory]
    [InlineData("GET", "/api/metadata/rules")]
    [InlineData("GET", "/api/metadata/rules/switches")]
    [InlineData("GET", "/api/metadata/uses?entity=person&field=salary")]
    [InlineData("GET", "/api/metadata/scripts")]
    [InlineData("GET", "/api/metadata/types.d.ts")]
    [InlineData("GET", "/api/metadata/packages")]
    [InlineData("GET", "/api/administration/workflow-runs")]
    [InlineData("GET", "/api/administration/mails")]
    [InlineData("POST", "/api/metadata/rules/trace")]
    [InlineData("POST", "/api/metadata/rules/dry-run")]
    [InlineData("POST", "/api/metadata/rules/person/judge/switch-off")]
    [InlineData("POST", "/api/metadata/actions/tell/switch-off")]
    [InlineData("POST", "/api/metadata/formulas/check")]
    [InlineData("POST", "/api/metadata/plan")]
    [InlineData("POST", "/api/metadata/test")]
    [InlineData("POST", "/api/metadata/publish")]
    public async Task Tools_for_rules_are_for_administrators(string method, string path)
    {
        var answer = await _staff.Clerk.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);
        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain("5000", answer.Json.ToString());
    }

    [Theory]
    [InlineData("$filter=salary gt 1")]
    [InlineData("$orderby=salary")]
    [InlineData("$compute=salary add 1 as more&$select=more")]
    [InlineData("$apply=aggregate(salary with sum as total)")]
    [InlineData("$filter=team/budget gt 1")]
    [InlineData("$filter=letters/any(l: l/secret eq 'x')")]
    public async Task Queries_do_not_know_what_their_reader_may_not_see(string query) =>
        Assert.InRange((await _staff.Clerk.GetAsync($"/api/data/persons?{query}")).Status, 400, 403);

    [Fact]
    public async Task Formulas_and_rollups_are_shown_to_whoever_may_read_their_fields()
    {
        var read = await _staff.Clerk.GetAsync($"/api/data/persons/{_staff.Person}");
        Assert.Equal((null, "10000.00", "77.00", "3.00", "3.00"), (read["salary"], read["twice"], read["team_budget"], read["weights"], read["live_weights"]));
        Assert.False(read.Json.TryGetProperty("closed_twice", out _));
        Assert.DoesNotContain("5000", (await _staff.Clerk.GetAsync("/api/data/persons?$select=title,salary,twice")).Json.ToString());
        Assert.Single((await _staff.Clerk.GetAsync("/api/data/persons?$filter=twice gt 9999 and team_budget eq 77&$orderby=live_weights")).Json.GetProperty("value").EnumerateArray().ToArray());
        Assert.Equal(403, (await _staff.Clerk.GetAsync("/api/data/persons?$filter=closed_twice gt 1")).Status);
        Assert.Empty((await _staff.Clerk.GetAsync("/api/data/letters")).Json.GetProperty("value").EnumerateArray().ToArray());
    }

    [Theory]
    [InlineData("typeof get('person', parameters.id).salary", "\"undefined\"")]
    [InlineData("get('person', parameters.id, { lock: true }).salary === undefined", "true")]
    [InlineData("query('person', { limit: 1 }).map(function (p) { return 'salary' in p; })", "[false]")]
    [InlineData("query('letter').length", "0")]
    [InlineData("query('letter', { where: { 'person.title': 'Ann' } }).length", "0")]

    [InlineData("get('person', parameters.id).twice", "10000")]
    public async Task Scripts_read_with_the_rights_of_who_runs_them(string code, string result)
    {
        var answer = await _staff.Clerk.PostAsync("/api/actions/ask", JsonSerializer.Serialize(new { id = _staff.Person, code }));
        Assert.True(answer.Status == 200, answer.Json.ToString());
        Assert.Equal(result, answer.Json.GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("query('person', { where: { salary: { gt: 4000 } } }).length")]
    [InlineData("query('person', { orderBy: 'salary desc' }).length")]
    [InlineData("query('person', { where: { 'team.budget': 77 } }).length")]
    [InlineData("query('letter', { where: { 'person.salary': 5000 } }).length")]
    [InlineData("update('person', parameters.id, { salary: 1 })")]
    [InlineData("update('letter', query('letter')[0].id, { title: 'x' })")]
    public async Task Scripts_cannot_ask_round_the_rights(string code)
    {
        var answer = await _staff.Clerk.PostAsync("/api/actions/ask", JsonSerializer.Serialize(new { id = _staff.Person, code }));
        Assert.True(answer.Status is 400 or 403 or 422, $"{answer.Status} {answer.Json}");
        Assert.DoesNotContain("5000", answer.Json.ToString());
    }

    [Fact]
    public async Task An_action_about_a_record_sees_what_the_person_sees_unless_it_runs_as_system()
    {
        var told = await _staff.Clerk.PostAsync($"/api/data/persons/{_staff.Person}/tell", "{}");
        Assert.Equal((200, """{"twice":10000,"title":"Ann"}"""), (told.Status, told.Json.GetProperty("@xrm.result").GetRawText()));
        Assert.Equal("""{"salary":5000,"was":5000,"twice":10000,"title":"Ann"}""", (await _staff.Admin.PostAsync($"/api/data/persons/{_staff.Person}/tell", "{}")).Json.GetProperty("@xrm.result").GetRawText());
        Assert.Equal("""{"salary":5000,"was":5000,"twice":10000,"title":"Ann"}""", (await _staff.Clerk.PostAsync($"/api/data/persons/{_staff.Person}/tell_all", "{}")).Json.GetProperty("@xrm.result").GetRawText());
        Assert.Equal("5000.00", (await _staff.Admin.GetAsync($"/api/data/persons/{_staff.Person}"))["salary"]);
    }

    [Fact]
    public async Task An_action_cannot_write_a_field_that_the_person_may_not_write()
    {
        var raised = await _staff.Clerk.PostAsync($"/api/data/persons/{_staff.Person}/raise", "{}");
        Assert.Equal((403, "5000.00"), (raised.Status, (await _staff.Admin.GetAsync($"/api/data/persons/{_staff.Person}"))["salary"]));
    }

    [Fact]
    public async Task Rules_decide_on_all_values_and_tell_none()
    {
        var refused = await _staff.Clerk.PatchAsync($"/api/data/persons/{_staff.Person}", """{ "title": "Ann", "grade": "low" }""");
        Assert.Equal((400, "grade option_not_offered"), (refused.Status, refused.Errors));
        Assert.DoesNotContain("5000", refused.Json.ToString());
        var saved = await _staff.Clerk.PatchAsync($"/api/data/persons/{_staff.Person}", """{ "title": "Ann", "grade": "high" }""");
        Assert.Equal((200, "Well paid."), (saved.Status, saved.Json.GetProperty("@xrm.messages")[0].GetProperty("message").GetString()));
        Assert.DoesNotContain("5000", saved.Json.ToString());
    }
}

/// <summary>One server for all of these tests, with a person whose salary a clerk may not see, and a letter to her that is not the clerk's.</summary>
public sealed class StaffApplication : IAsyncLifetime
{
    private TestApplication _app = null!;

    public TestClient Admin { get; private set; } = null!;

    public TestClient Clerk { get; private set; } = null!;

    public string Person { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("staff", Staff());
        (Admin, Clerk) = (await _app.ClientAsync(), await _app.ClientAsync("clerk"));
        var team = await Admin.CreateAsync("teams", """{ "title": "T", "budget": 77 }""");
        Person = await Admin.CreateAsync("persons", $$"""{ "title": "Ann", "salary": 5000, "team_id": "{{team}}" }""");
        await Admin.CreateAsync("letters", $$"""{ "title": "Hidden", "person_id": "{{Person}}", "weight": 3 }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private static PackageFiles Staff() => new PackageBuilder("staff")
        .Entity("team", """{ "name": "budget", "type": "decimal" }""")
        .EntityWith("person", """
            "rules": [ { "name": "judge", "when": "salary > 4000", "then": [ { "limit": "grade", "options": ["high"] }, { "message": "Well paid." } ] } ]
            """,
            """{ "name": "salary", "type": "decimal", "access": { "read": ["boss"], "write": ["boss"] } }""",
            """{ "name": "team", "type": "lookup", "target": "team" }""",
            """{ "name": "grade", "type": "choice", "options": [ { "value": "low" }, { "value": "high" } ] }""",
            """{ "name": "letters", "type": "children", "entity": "letter", "via": "person" }""",
            """{ "name": "twice", "type": "decimal", "formula": "salary * 2" }""",
            """{ "name": "closed_twice", "type": "decimal", "formula": "salary * 2", "access": { "read": ["boss"] } }""",
            """{ "name": "team_budget", "type": "decimal", "formula": "team.budget" }""",
            """{ "name": "weights", "type": "decimal", "rollup": { "entity": "letter", "via": "person", "aggregate": "sum", "field": "weight" } }""",
            """{ "name": "live_weights", "type": "decimal", "rollup": { "entity": "letter", "via": "person", "aggregate": "sum", "field": "weight", "stored": false } }""")
        .EntityWith("letter", "\"ownership\": \"user\"",
            """{ "name": "person", "type": "lookup", "target": "person" }""", """{ "name": "weight", "type": "decimal" }""", """{ "name": "secret", "type": "text", "access": { "read": ["boss"] } }""")
        .Entity("user")
        .File("actions/ask.json", """{ "name": "ask", "roles": ["clerk"], "script": "ask.js", "parameters": [ { "name": "id", "type": "text" }, { "name": "code", "type": "text" } ] }""")
        .File("rules/ask.js", $"switch (parameters.code) {{ {string.Concat(Asked.Select(code => $"case {JsonSerializer.Serialize(code)}: return {code};\n"))} }} return 'unknown';")
        .File("actions/tell.json", """{ "name": "tell", "entity": "person", "script": "person.tell.js" }""")
        .File("actions/tell_all.json", """{ "name": "tell_all", "entity": "person", "script": "person.tell.js", "runAs": "system" }""")
        .File("rules/person.tell.js", "return { salary: record.salary, was: previous.salary, twice: record.twice, title: record.title };")
        .File("actions/raise.json", """{ "name": "raise", "entity": "person", "script": "person.raise.js" }""")
        .File("rules/person.raise.js", "record.salary = 9000;")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "person": { "read": "organisation", "update": "organisation" }, "letter": { "create": "organisation", "read": "own", "update": "own" } } }""")
        .File("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .Files();

    /// <summary>The pieces of code of the tests above: no script can run what it is sent.</summary>
    private static IEnumerable<string> Asked =>
        from test in new[] { nameof(RuleRightsTests.Scripts_read_with_the_rights_of_who_runs_them), nameof(RuleRightsTests.Scripts_cannot_ask_round_the_rights) }
        from data in typeof(RuleRightsTests).GetMethod(test)!.GetCustomAttributesData()
        where data.AttributeType == typeof(InlineDataAttribute)
        select (string)((IReadOnlyCollection<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!).First().Value!;
}
