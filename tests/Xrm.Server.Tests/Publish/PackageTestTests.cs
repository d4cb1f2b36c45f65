namespace Xrm.Server.Tests.Publish;

/// <summary>Packages with tests, published over the API: what fails, and how it is told.</summary>
public sealed class PackageTestTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("tested", TestedPackage.Files());
        _admin = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task All_values_that_differ_are_told_at_once()
    {
        var problem = Assert.Single(await ProblemsAsync("""
            { "name": "Deals last long", "given": [ { "as": "old", "entity": "deal", "values": { "title": "Old" } } ],
              "when": { "create": { "as": "new", "entity": "deal", "values": { "title": "New", "months": 3 } } },
              "then": { "records": { "old": { "months": 24, "title": "Old" }, "new": { "months": 3, "status": "won", "title": null, "weeks": 99 } } } }
            """));
        Assert.Equal("""
            package_test_failed tests/deal.tests.json $.tests[0].then.records.new.status
            Test "Deals last long" failed:
              new.status  expected "won"  got "open"
              new.title   expected null  got "New"
              new.weeks   expected 99  got 12
              old.months  expected 24  got 12
            """, problem);
    }

    [Theory]
    [InlineData("""{ "update": "d", "values": { "months": 0 } }""", """{ "records": { "d": { "months": 0 } } }""", "when", "when  expected accepted  got refused: months: ")]
    [InlineData("""{ "update": "d", "values": { "months": 5 } }""", """{ "failsOn": "months" }""", "then.failsOn", "failsOn  expected a refusal that marks months  got accepted")]
    [InlineData("""{ "update": "d", "values": { "months": 5 } }""", """{ "message": "small" }""", "then.message", "failsOn  expected a refusal  got accepted")]
    [InlineData("""{ "update": "d", "values": { "months": 0 } }""", """{ "failsOn": "title", "message": "purple" }""", "then.failsOn", "failsOn  expected a refusal that marks title  got refused: months: ")]
    [InlineData("""{ "update": "d", "values": { "months": 0 } }""", """{ "failsOn": "months", "message": "purple" }""", "then.message", "message  expected a text with \"purple\"  got \"months: ")]
    [InlineData("""{ "update": "d", "values": { "months": 0 } }""", """{ "failsOn": "months", "records": { "d": { "months": 0 } } }""", "then.records.d.months", "d.months  expected 0  got 12")]
    [InlineData("""{ "delete": "d" }""", """{ "records": { "d": { "months": 12 } } }""", "then.records.d", "d  expected a record  got none any more")]
    public async Task Unexpected_end_says_what_was_expected(string when, string then, string path, string line)
    {
        var problem = Assert.Single(await ProblemsAsync($$"""
            { "name": "Ends otherwise", "given": [ { "as": "d", "entity": "deal", "values": { "title": "Deal" } } ], "when": {{when}}, "then": {{then}} }
            """));
        Assert.StartsWith($"package_test_failed tests/deal.tests.json $.tests[0].{path}\nTest \"Ends otherwise\" failed:\n  ", problem, StringComparison.Ordinal);
        Assert.Contains($"\n  {line}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_given_record_ends_the_test()
    {
        var problem = Assert.Single(await ProblemsAsync("""
            { "name": "Starts wrong", "given": [ { "as": "d", "entity": "deal", "values": { "months": 0 } } ], "when": { "delete": "d" }, "then": { "failsOn": "*" } }
            """));
        Assert.StartsWith("package_test_failed tests/deal.tests.json $.tests[0].given[0]\nTest \"Starts wrong\" failed:\n  given d  expected accepted  got refused: months: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_there_or_not_and_runs_of_workflows_can_be_expected()
    {
        Assert.Empty(await ProblemsAsync("""
            { "name": "All is there", "given": [ { "as": "old", "entity": "deal", "values": { "title": "Old", "status": "won" } } ],
              "when": [ { "create": { "as": "new", "entity": "deal", "values": { "title": "New", "months": 3 } } }, { "on": "new", "transition": "win" },
                        { "create": { "as": "task", "entity": "task", "values": { "title": "Call", "deal": { "$ref": "new" } } } }, { "delete": "old" } ],
              "then": { "exists": [
                    { "entity": "deal", "where": { "title": "New", "months": 3, "weeks": 12, "status": "won" }, "count": 1 }, { "entity": "deal", "where": { "weeks": 13 }, "count": 0 },
                    { "entity": "deal", "where": { "id": { "$ref": "old" } }, "count": 0 }, { "entity": "task", "where": { "deal": { "$ref": "new" } } }, { "entity": "task", "where": { "deal": null }, "count": 0 } ],
                "workflows": { "celebration": 1 } } }
            """));
        var problem = Assert.Single(await ProblemsAsync("""
            { "name": "Nothing is there", "when": { "create": { "as": "d", "entity": "deal", "values": { "title": "New" } } },
              "then": { "exists": [ { "entity": "deal", "where": { "title": "New" }, "count": 2 }, { "entity": "task", "where": { "deal": { "$ref": "d" }, "title": "Call" } }, { "entity": "task", "count": 0 } ],
                "workflows": { "celebration": 1 }, "records": { "d": { "months": 1 } } } }
            """));
        Assert.Equal("""
            package_test_failed tests/deal.tests.json $.tests[0].then.records.d.months
            Test "Nothing is there" failed:
              d.months                        expected 1  got 12
              deal with title "New"           expected 2  got 1
              task with deal d, title "Call"  expected at least 1  got 0
              runs of celebration             expected 1  got 0
            """, problem);
    }

    [Fact]
    public async Task Messages_mails_and_actions_can_be_expected()
    {
        Assert.Empty(await ProblemsAsync("""
            { "name": "All is told", "given": [ { "as": "t", "entity": "task", "values": { "title": "Call" } } ],
              "when": [ { "create": { "as": "d", "entity": "deal", "values": { "title": "New", "months": 30 } } }, { "on": "d", "action": "extend", "values": { "by": 6, "because": { "$ref": "t" } } } ],
              "then": { "messages": [ "that is long", "Because of Call." ], "records": { "d": { "months": 36 } }, "workflows": { "deal.later": 1 },
                "mails": [ { "to": "boss@example.com", "subject": "long deal new", "body": "30 months", "count": 1 }, { "to": "other@example.com", "count": 0 } ] } }
            """, """
            { "name": "Parameters are checked", "given": [ { "as": "d", "entity": "deal", "values": { "title": "New" } } ], "when": { "on": "d", "action": "extend" }, "then": { "failsOn": "by", "message": "By is required." } }
            """));
        var problem = Assert.Single(await ProblemsAsync("""
            { "name": "Nothing is told", "when": { "create": { "as": "d", "entity": "deal", "values": { "title": "New", "months": 30 } } },
              "then": { "messages": [ "short" ], "mails": [ { "to": "me@example.com" }, { "subject": "Long", "count": 2 } ] } }
            """));
        Assert.Equal("""
            package_test_failed tests/deal.tests.json $.tests[0].then.messages[0]
            Test "Nothing is told" failed:
              messages                expected a message with "short"  got "That is long."
              mail to me@example.com  expected at least 1  got 0 of to boss@example.com: "Long deal New"
              mail about "Long"       expected 2  got 1 of to boss@example.com: "Long deal New"
            """, problem);
        Assert.Equal("test_wrong tests/deal.tests.json $.tests[0].when.action\ndeal has no action extnd.", Assert.Single(await ProblemsAsync(
            """{ "name": "x", "given": [ { "as": "d", "entity": "deal" } ], "when": { "on": "d", "action": "extnd" }, "then": { "failsOn": "*" } }""")));
    }

    [Fact]
    public async Task Schedules_run_as_the_system_without_the_network_also_when_they_are_switched_off()
    {
        const string Given = """ "given": [ { "as": "d", "entity": "deal", "values": { "title": "Old", "months": 300 } }, { "as": "e", "entity": "deal", "values": { "title": "New", "months": 3 } } ]""";
        const string Cuts = $$"""
            { "name": "Long deals are cut", "as": { "roles": [] }, {{Given}}, "when": { "schedule": "nightly" },
              "then": { "records": { "d": { "months": 99 }, "e": { "months": 3 } }, "mails": [ { "to": "boss@example.com", "body": "Old", "count": 1 } ],
                "messages": [ "200: Package tests call no other server" ] } }
            """;
        Assert.Empty(await ProblemsAsync(Cuts, """
            { "name": "What is no deal is told", "given": [ { "as": "d", "entity": "deal", "values": { "title": "Odd", "months": 1000 } } ],
              "when": [ { "update": "d", "values": { "months": 1001 } }, { "schedule": "nightly" } ],
              "then": { "failsOn": "*", "message": "Odd is a mistake.", "records": { "d": { "months": 1001 } } } }
            """));
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/schedules/nightly/switch-off", """{ "reason": "Cuts too much." }""")).Status);
        Assert.Empty(await ProblemsAsync(Cuts));
        var problem = Assert.Single(await ProblemsAsync($$"""{ "name": "Nothing is cut", {{Given}}, "when": { "schedule": "nightly" }, "then": { "records": { "d": { "months": 300 } } } }"""));
        Assert.Equal("package_test_failed tests/deal.tests.json $.tests[0].then.records.d.months\nTest \"Nothing is cut\" failed:\n  d.months  expected 300  got 99", problem);
    }

    [Theory]
    [InlineData("""{ "schedule": "nightli" }""", "test_wrong tests/deal.tests.json $.tests[0].when.schedule\nThere is no schedule nightli. There are: nightly.")]
    [InlineData("""{ "schedule": "nightly", "delete": "d" }""", "test_wrong tests/deal.tests.json $.tests[0].when\nThe test does several things at once.")]
    public async Task A_schedule_that_is_not_there_is_told(string when, string expected) => Assert.Equal(expected, Assert.Single(await ProblemsAsync(
        $$"""{ "name": "x", "given": [ { "as": "d", "entity": "deal" } ], "when": {{when}}, "then": { "failsOn": "*" } }""")));

    [Fact]
    public async Task Rights_are_tested_as_a_person_with_roles()
    {
        Assert.Empty(await ProblemsAsync(
            Clerk("Own deals change", """{ "owner": { "$ref": "me" } }""", """{ "update": "d", "values": { "months": 2 } }""", """{ "records": { "d": { "months": 2, "modified_by": { "$ref": "me" } } } }"""),
            Clerk("Others' deals do not", "{}", """{ "update": "d", "values": { "months": 2 } }""", """{ "failsOn": "*", "message": "may not", "records": { "d": { "months": 12 } } }"""),
            Clerk("New deals are one's own", "{}", """[ { "create": { "as": "mine", "entity": "deal" } }, { "update": "mine", "values": { "months": 5 } } ]""", """{ "records": { "mine": { "owner": { "$ref": "me" } } } }"""),
            Clerk("Nobody deletes deals", """{ "owner": { "$ref": "me" } }""", """{ "delete": "d" }""", """{ "failsOn": "*" }""")));
        var problem = Assert.Single(await ProblemsAsync(Clerk("Others' deals change", "{}", """[ { "create": { "as": "mine", "entity": "deal" } }, { "update": "d", "values": { "months": 2 } } ]""", """{ "records": { "d": { "months": 2 } } }""")));
        Assert.Equal("package_test_failed tests/deal.tests.json $.tests[0].when[1]\nTest \"Others' deals change\" failed:\n  when[1]  expected accepted  got refused: You may not update this Deal.", problem);
        Assert.Equal("role_unknown tests/deal.tests.json $.tests[0].as.roles[0]\nThere is no role nobody.", Assert.Single(await ProblemsAsync(
            """{ "name": "x", "as": { "roles": [ "nobody" ] }, "when": { "create": { "as": "d", "entity": "deal" } }, "then": { "failsOn": "*" } }""")));

        static string Clerk(string name, string values, string when, string then) =>
            $$"""{ "name": "{{name}}", "as": { "roles": [ "clerk" ] }, "given": [ { "as": "d", "entity": "deal", "values": {{values}} } ], "when": {{when}}, "then": {{then}} }""";
    }

    /// <summary>What a publish with these tests has against it.</summary>
    private async Task<List<string>> ProblemsAsync(params string[] tests)
    {
        var answer = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(TestedPackage.Files(tests)));
        return [.. answer.Json.GetProperty("plan").GetProperty("problems").EnumerateArray().Select(problem =>
            $"{problem.GetProperty("code")} {problem.GetProperty("location").GetProperty("file")} {problem.GetProperty("location").GetProperty("path")}\n{problem.GetProperty("message")}")];
    }
}
