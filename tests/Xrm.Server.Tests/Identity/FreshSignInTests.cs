using Xrm.TestKit;

namespace Xrm.Server.Tests.Identity;

/// <summary>Where the installation wants it, what a stolen session must not do asks for a sign-in that is not long ago.</summary>
public sealed class FreshSignInTests
{
    private readonly MovableClock _clock = new();

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("30")]
    public async Task What_is_sensitive_asks_for_a_sign_in_of_late_and_nothing_else_does(string? minutes)
    {
        var package = new PackageBuilder("safe").File("entities/door.json", """{ "name": "door", "plural": "doors", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "code", "type": "secret" } ] }""").Files();
        await using var app = await TestApplication.StartAsync(new TestSettings { Time = _clock, Environment = new Dictionary<string, string?> { ["XRM_FRESH_SIGN_IN_MINUTES"] = minutes } }, "safe", package);
        await app.AddAsync("root", isAdministrator: true);
        var jo = await app.AddAsync("jo");
        var browser = await app.EnterAsync("root");
        var token = await browser.PostAsync("/api/auth/tokens", """{ "name": "program", "access": "write", "administration": true }""");
        Assert.Equal(201, token.Status);
        var door = await browser.CreateAsync("doors", """{ "title": "a", "code": "sesame" }""");
        _clock.Move(TimeSpan.FromMinutes(40));
        foreach (var (method, path, body) in Sensitive(jo, door))
        {
            var answer = await browser.SendAsync(method, path, body);
            if (minutes == "30") Assert.Equal((403, "sign_in_again"), (answer.Status, answer["code"]));
            else Assert.NotEqual("sign_in_again", answer["code"]);
        }
        Assert.Equal(200, (await browser.GetAsync("/api/data/doors")).Status);
        Assert.Equal(200, (await browser.GetAsync("/api/auth/tokens")).Status);
        // Programs sign in nowhere; what they may is said by their scope.
        Assert.Equal(200, (await app.Program(token["token"]!).PatchAsync($"/api/administration/users/{jo}", """{ "displayName": "Jo" }""")).Status);
        // A new sign-in is a new one also by the clock of the database.
        var again = await app.EnterAsync("root");
        await app.ExecuteAsync("update xrm.session set created_at = now() + interval '40 minutes'");
        foreach (var (method, path, body) in Sensitive(jo, door)) Assert.NotEqual("sign_in_again", (await again.SendAsync(method, path, body))["code"]);
    }

    private static (HttpMethod Method, string Path, string? Body)[] Sensitive(Guid user, string door) =>
    [
        (HttpMethod.Post, "/api/auth/tokens", """{ "name": "" }"""),
        (HttpMethod.Delete, "/api/auth/passkeys/AAAA", null),
        (HttpMethod.Delete, $"/api/auth/identities/{user}", null),
        (HttpMethod.Patch, $"/api/administration/users/{user}", """{ "roles": [] }"""),
        (HttpMethod.Post, $"/api/administration/users/{user}/password", "{}"),
        (HttpMethod.Delete, $"/api/administration/users/{user}/second-factor", null),
        (HttpMethod.Post, $"/api/administration/users/{user}/tokens", """{ "name": "" }"""),
        (HttpMethod.Post, $"/api/data/doors/{door}/reveal?field=code", "{}"),
    ];
}
