using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

public sealed class RuleSyntaxTests
{
    [Theory]
    [InlineData("plan", 200)]
    [InlineData("publish", 422)]
    public async Task Broken_script_is_told_with_its_line_and_with_the_other_mistakes(string verb, int status)
    {
        await using var app = await TestApplication.StartAsync("rules", Package("record.title = 'a';", "days"));
        var admin = await app.ClientAsync();
        var answer = await admin.PostAsync($"/api/metadata/{verb}", Body(Package("var a = 1;\nif (record.title) {\n  fail('no'\n}", "days")));
        Assert.Equal(status, answer.Status);
        var problem = Assert.Single(Problems(answer));
        Assert.Equal(("rule_syntax", "rules/job.check.js", 4), (problem.GetProperty("code").GetString(),
            problem.GetProperty("location").GetProperty("file").GetString(), problem.GetProperty("location").GetProperty("line").GetInt32()));

        answer = await admin.PostAsync($"/api/metadata/{verb}", Body(Package("if (", "no_such_field")));
        Assert.Equal(["rule_syntax"], Problems(answer).Select(one => one.GetProperty("code").GetString()).Where(code => code == "rule_syntax"));
        Assert.True(Problems(answer).Length > 1);
        // Nothing has changed: the old script still runs.
        var id = await admin.CreateAsync("jobs", """{ "title": "b" }""");
        Assert.Equal("a", (await admin.GetAsync($"/api/data/jobs/{id}"))["title"]);
    }

    private static PackageFiles Package(string script, string field) => new PackageBuilder("work")
        .EntityWith("job", """ "rules": [ { "name": "check", "on": ["create"], "script": "job.check.js" } ] """, """{ "name": "days", "type": "integer" }""")
        .File("rules/job.check.js", script)
        .File("views/job.all.json", $$"""{ "name": "job.all", "entity": "job", "label": "All", "columns": ["{{field}}"] }""")
        .Files();

    private static string Body(PackageFiles package) => JsonSerializer.Serialize(new
    {
        packages = new[] { new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) } },
    });

    private static JsonElement[] Problems(Answer answer) =>
        [.. (answer.Json.TryGetProperty("plan", out var plan) ? plan : answer.Json).GetProperty("problems").EnumerateArray()];
}
