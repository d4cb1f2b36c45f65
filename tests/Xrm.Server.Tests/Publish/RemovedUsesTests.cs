using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Metadata.Source;
using Xrm.Server.Tests.Metadata;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

public sealed class RemovedUsesTests
{
    private const string Deal = "entities/deal.json";

    [Theory]
    [InlineData("entity=deal")]
    [InlineData("entity=deal&field=status")]
    [InlineData("entity=deal&field=status&option=won")]
    [InlineData("role=seller")]
    public async Task Removal_of_what_is_used_is_refused_with_every_user(string removed)
    {
        await using var app = await TestApplication.StartAsync("deals", DealsPackage.All());
        var admin = await app.ClientAsync();
        var answer = await admin.GetAsync($"/api/metadata/uses?{removed}");
        // What is said of the field's options follows from the field, its own settings go with it, and what a formula or script asks of roles is a warning.
        var uses = answer.Json.GetProperty("uses").EnumerateArray()
            .Where(use => !use.GetProperty("likely").GetBoolean() && !(use.GetProperty("kind").GetString() == "field" && use.GetProperty("name").GetString() == answer["name"]))
            .Where(use => use.GetProperty("of").GetString() == answer["name"])
            .Where(use => answer["kind"] != "role" || use.GetProperty("how").GetString() != "when")
            .Select(use => use.GetProperty("location")).Select(Place).ToList();

        var plan = await admin.PostAsync("/api/metadata/plan", Body(Without(removed), DealsPackage.Extras()));
        var problems = plan.Json.GetProperty("problems").EnumerateArray().Select(problem => Place(problem.GetProperty("location"))).ToList();
        // Where a part of the file has gone, what stands behind it has another place; of a file about an entity that has gone, only this is told.
        Assert.Contains(uses, use => use.File != Deal);
        Assert.All(uses.Where(use => use.File != Deal), use => Assert.Contains(problems, problem => problem.File == use.File && (problem.Path == "$.entity" || use.Path.StartsWith(problem.Path, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Scripts_and_formulas_that_speak_of_what_goes_are_told_and_hinder_nothing()
    {
        const string Fields = """{ "name": "days", "type": "integer" }, { "name": "state", "type": "choice", "options": [ { "value": "late" }, { "value": "done" } ] }""";
        await using var app = await TestApplication.StartAsync("mentions", Jobs(Fields, withRole: true));
        var admin = await app.ClientAsync();
        var next = Body(Jobs("""{ "name": "state", "type": "choice", "options": [ { "value": "done" } ] }""", withRole: false));
        var plan = await admin.PostAsync("/api/metadata/plan", next);
        string[] expected =
        [
            "entities/job.json $.validations[0].when The formula asks for the role boss, which this publish removes.",
            "rules/job.check.js:2 The script probably speaks of job.days, which this publish removes.",
            "rules/job.check.js:3 The script probably speaks of job.state.late, which this publish removes.",
            "rules/job.check.js:4 The script probably speaks of boss, which this publish removes.",
            "rules/job.form.js:1 The script probably speaks of job.days, which this publish removes.",
            "rules/job.form.js:2 The script probably speaks of job.days, which this publish removes.",
            "rules/jobs.js:1 The script probably speaks of job.days, which this publish removes.",
        ];
        Assert.Equal(expected, plan.Json.GetProperty("warnings").EnumerateArray().Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(200, (await admin.PostAsync("/api/metadata/publish", next)).Status);
        Assert.Empty((await admin.PostAsync("/api/metadata/plan", next)).Json.GetProperty("warnings").EnumerateArray());
    }

    private static string Text(JsonElement warning)
    {
        var at = warning.GetProperty("location");
        var place = at.GetProperty("path").GetString() is "$" ? $":{at.GetProperty("line")}" : $" {at.GetProperty("path")}";
        return $"{at.GetProperty("file")}{place} {warning.GetProperty("message")}";
    }

    private static PackageFiles Jobs(string fields, bool withRole)
    {
        var package = new PackageBuilder("work")
            .EntityWith("job", """
                "formScript": "job.form.js",
                "rules": [ { "name": "check", "on": [ "create" ], "script": "job.check.js" } ],
                "validations": [ { "when": "title == 'x' && user.roles.includes('boss')", "message": "No." } ]
                """, fields)
            .File("rules/job.form.js", "onChange('days', async () => {\n  form.lock('title', record.days > 3);\n});\n")
            .File("schedules/jobs.json", """{ "name": "jobs", "script": "jobs.js", "every": "P1D" }""")
            .File("rules/jobs.js", "query('job', { where: { days: { gt: 3 } } });")
            .File("rules/job.check.js", "// record.days\nif (record.days > 3) fail('No.');\nif (record.state === 'late') fail('No.');\nif (user.roles.indexOf('boss') >= 0) record.title = 'y';\n");
        return (withRole ? package.File("roles/boss.json", """{ "name": "boss" }""") : package).Files();
    }

    private static PackageFiles Without(string removed)
    {
        var files = DealsPackage.Deals();
        if (removed == "entity=deal") return files with { Content = files.Content.Remove(Deal) };
        if (removed == "role=seller") return files with { Content = files.Content.Remove("roles/seller.json") };
        var entity = JsonNode.Parse(files.Content[Deal].AsSpan())!;
        var fields = entity["fields"]!.AsArray();
        var status = fields.Single(field => field!["name"]!.GetValue<string>() == "status")!;
        if (removed.Contains("option", StringComparison.Ordinal)) status["options"]!.AsArray().RemoveAt(1);
        else fields.Remove(status);
        return files with { Content = files.Content.SetItem(Deal, Encoding.UTF8.GetBytes(entity.ToJsonString()).ToImmutableArray()) };
    }

    private static (string File, string Path) Place(JsonElement location) => ($"{location.GetProperty("file")}", $"{location.GetProperty("path")}");

    private static string Body(params PackageFiles[] packages) => JsonSerializer.Serialize(new
    {
        packages = packages.Select(package => new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) }),
    });
}
