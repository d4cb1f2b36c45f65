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

    /// <summary>What a publish with these tests has against it.</summary>
    private async Task<List<string>> ProblemsAsync(params string[] tests)
    {
        var answer = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(TestedPackage.Files(tests)));
        return [.. answer.Json.GetProperty("plan").GetProperty("problems").EnumerateArray().Select(problem =>
            $"{problem.GetProperty("code")} {problem.GetProperty("location").GetProperty("file")} {problem.GetProperty("location").GetProperty("path")}\n{problem.GetProperty("message")}")];
    }
}
