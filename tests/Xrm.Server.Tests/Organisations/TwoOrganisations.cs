using Xrm.Data.Catalogue;
using Xrm.Server.Organisations;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Organisations;

/// <summary>A server with the organisations <c>main</c> and <c>acme</c>, which have the same packages.</summary>
internal static class TwoOrganisations
{
    public const string Url = "/api/organisations";

    /// <summary>Starts it.</summary>
    public static async Task<TestApplication> ServeAsync(bool worksInBackground = false, params (string Name, string Value)[] environment)
    {
        var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = worksInBackground, Environment = environment.ToDictionary(each => each.Name, each => (string?)each.Value) }, "desk", People.Package());
        await app.AddAsync("root", isAdministrator: true);
        await app.MakeAsync("acme", "root");
        return app;
    }

    /// <summary>Makes an organisation with the packages of the home organisation.</summary>
    public static async Task MakeAsync(this TestApplication app, string name, string administrator)
    {
        var browser = await app.EnterAsync(administrator);
        var answer = await browser.PostAsync(Url, $$"""{ "name": "{{name}}", "template": { "organisation": "main" } }""");
        Assert.True(answer.Status == 202, $"{answer.Status} {answer.Json}");
        await app.SettledAsync(name);
        Assert.Equal((OrganisationState.Active, null), await app.StateAsync(name));
    }

    /// <summary>Waits until an organisation is made, or could not be.</summary>
    public static async Task SettledAsync(this TestApplication app, string name)
    {
        while ((await app.StateAsync(name)).State == OrganisationState.Creating) await Task.Delay(20);
    }

    /// <summary>State of an organisation, and what is told of it.</summary>
    public static async Task<(string? State, string? Progress)> StateAsync(this TestApplication app, string name)
    {
        var organisation = await app.Get<OrganisationStore>().FindAsync(name, CancellationToken.None);
        return (organisation?.State, organisation?.Progress);
    }

    /// <summary>Somebody who belongs to these organisations, with the role <c>writer</c> in each.</summary>
    public static async Task<Guid> AddMemberAsync(this TestApplication app, string userName, params string[] organisations)
    {
        var id = await app.AddAsync(userName);
        foreach (var name in organisations)
        {
            await app.Get<MemberStore>().AddAsync(name, id, isAdministrator: false, CancellationToken.None);
            await (await app.Get<OrganisationHosts>().ServiceOfAsync<UserStore>(name, CancellationToken.None)).SetRolesAsync(id, ["writer"], CancellationToken.None);
        }
        if (!organisations.Contains("main")) await app.Get<MemberStore>().RemoveAsync("main", id, CancellationToken.None);
        return id;
    }

    /// <summary>Goes over to another organisation.</summary>
    public static Task<Answer> SwitchAsync(this TestClient browser, string name) => browser.PostAsync($"{Url}/switch", $$"""{ "organisation": "{{name}}" }""");

    /// <summary>A browser in which somebody is signed in to an organisation.</summary>
    public static async Task<TestClient> EnterAsync(this TestApplication app, string userName, string organisation, System.Net.CookieContainer? cookies = null)
    {
        var browser = app.Browser(cookies);
        var answer = await browser.SendAsync(HttpMethod.Post, "/api/auth/sign-in", $$"""{ "userName": "{{userName}}", "password": "{{People.Password}}" }""", headers: ("X-Xrm-Org", organisation));
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        return browser;
    }
}
