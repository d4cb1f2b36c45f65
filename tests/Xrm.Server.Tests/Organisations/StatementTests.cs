using System.Text.RegularExpressions;
using Xrm.Server.Tests.Changes;
using Xrm.Server.Tests.Safety;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Organisations;

/// <summary>No statement names the schemas of two organisations, so that each schema can lie on a node of its own.</summary>
public sealed partial class StatementTests
{
    [Fact]
    public async Task No_statement_names_two_organisations_whatever_is_done()
    {
        using var sent = new SentStatements();
        await using var app = await TwoOrganisations.ServeAsync(worksInBackground: true);
        await app.AddMemberAsync("jo", "main", "acme");
        foreach (var name in new[] { "main", "acme" }) await WorkAsync(app, name);
        var root = await app.EnterAsync("root", "main");
        await root.PostAsync($"{TwoOrganisations.Url}/acme/members", """{ "userName": "root", "isAdministrator": true }""");
        await root.PostAsync($"{TwoOrganisations.Url}/acme/suspend", "{}");
        await root.DeleteAsync($"{TwoOrganisations.Url}/acme?confirm=acme");
        await Identity.People.ExecuteAsync(app, "update xrm.organisation set delete_after = now() where name = 'acme'");
        await app.Get<Xrm.Server.Organisations.OrganisationChanges>().CleanUpAsync(CancellationToken.None);
        Assert.Contains(sent.Texts, text => text.Contains("org_main", StringComparison.Ordinal));
        Assert.Contains(sent.Texts, text => text.Contains("org_acme", StringComparison.Ordinal));
        Assert.DoesNotContain(sent.Texts, text => SchemaName().Matches(text).Select(match => match.Value).Distinct().Count() > 1);
    }

    private static async Task WorkAsync(TestApplication app, string organisation)
    {
        var (jo, root) = (await app.EnterAsync("jo", organisation), await app.EnterAsync("root", organisation));
        await using var stream = await EventStream.OpenAsync(jo.Http);
        var id = await jo.CreateAsync("notes", $$"""{ "title": "{{organisation}}" }""");
        await jo.PatchAsync($"/api/data/notes/{id}", """{ "title": "changed" }""");
        await stream.TakeAsync(2);
        await jo.PostAsync("/api/data/$batch", """{ "requests": [ { "id": "1", "method": "post", "url": "notes", "body": { "title": "x" } }, { "id": "2", "method": "get", "url": "notes" } ] }""");
        foreach (var path in new[] { "/api/data/notes?$count=true&$orderby=title&$search=x", "/api/data/notes?$apply=aggregate($count as n)", "/api/search?q=changed", "/api/metadata/application", "/api/auth/me", "/api/auth/sessions", $"{TwoOrganisations.Url}/mine", $"/api/data/notes/{id}/history" })
            await jo.GetAsync(path);
        foreach (var path in new[] { "/api/administration/audit", "/api/administration/users", "/api/administration/mails", "/api/administration/deliveries", "/api/administration/workflow-runs", "/api/jobs", TwoOrganisations.Url, $"{TwoOrganisations.Url}/acme/members" })
            Assert.Equal((path, 200), (path, (await root.GetAsync(path)).Status));
        await root.PostAsync("/api/administration/users", """{ "email": "new@example.com" }""");
        var job = (await root.PatchAsync("/api/data/notes?all=true", """{ "title": "all" }"""))["id"];
        await Eventually.IsAsync(async () => (await root.GetAsync($"/api/jobs/{job}"))["state"] == "finished");
        await jo.DeleteAsync($"/api/data/notes/{id}");
        await jo.PostAsync("/api/auth/sign-out", "{}");
    }

    [GeneratedRegex("\\borg_[a-z0-9_]+")]
    private static partial Regex SchemaName();
}
