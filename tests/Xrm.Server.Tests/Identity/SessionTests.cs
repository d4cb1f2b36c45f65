using System.Net;

namespace Xrm.Server.Tests.Identity;

public sealed class SessionTests
{
    private const string Sessions = "/api/auth/sessions";

    [Fact]
    public async Task Sessions_are_listed_with_when_where_and_by_what_and_the_present_one_is_marked()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var first = await app.EnterAsync("jo");
        await app.EnterAsync("jo");
        var listed = (await first.GetAsync(Sessions)).Json.EnumerateArray().ToArray();
        Assert.Equal(2, listed.Length);
        Assert.Single(listed, session => session.GetProperty("isPresent").GetBoolean());
        Assert.All(listed, session => Assert.Equal(("127.0.0.1", "Browser of a test"), (session.GetProperty("address").GetString(), session.GetProperty("browser").GetString())));
        Assert.All(listed, session => Assert.True(session.GetProperty("expiresAt").GetDateTime() > session.GetProperty("lastSeenAt").GetDateTime()));
    }

    [Fact]
    public async Task A_revoked_session_ends_at_once_and_others_go_on()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (mine, lost) = (await app.EnterAsync("jo"), await app.EnterAsync("jo"));
        Assert.Equal(200, (await lost.GetAsync("/api/auth/me")).Status);
        var id = Other(await mine.GetAsync(Sessions));
        Assert.Equal(204, (await mine.DeleteAsync($"{Sessions}/{id}")).Status);
        Assert.Equal(401, (await lost.GetAsync("/api/auth/me")).Status);
        Assert.Equal(200, (await mine.GetAsync("/api/auth/me")).Status);
        Assert.Equal(404, (await mine.DeleteAsync($"{Sessions}/{id}")).Status);
    }

    [Fact]
    public async Task All_other_sessions_can_be_ended_at_once()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (mine, second, third) = (await app.EnterAsync("jo"), await app.EnterAsync("jo"), await app.EnterAsync("jo"));
        Assert.Equal(204, (await mine.DeleteAsync(Sessions)).Status);
        Assert.Equal((200, 401, 401), ((await mine.GetAsync("/api/auth/me")).Status, (await second.GetAsync("/api/auth/me")).Status, (await third.GetAsync("/api/auth/me")).Status));
    }

    [Fact]
    public async Task Sessions_of_others_are_the_matter_of_administrators()
    {
        await using var app = await People.ServeAsync();
        var jo = await app.AddAsync("jo");
        await app.AddAsync("kim");
        await app.AddAsync("boss", isAdministrator: true);
        var (victim, stranger, boss) = (await app.EnterAsync("jo"), await app.EnterAsync("kim"), await app.EnterAsync("boss"));
        var path = $"/api/administration/users/{jo}/sessions";
        var id = (await boss.GetAsync(path)).Json.EnumerateArray().Single().GetProperty("id").GetGuid();
        Assert.Equal(404, (await stranger.DeleteAsync($"{Sessions}/{id}")).Status);
        Assert.Equal((403, 403), ((await stranger.GetAsync(path)).Status, (await stranger.DeleteAsync($"{path}/{id}")).Status));
        Assert.Equal(200, (await victim.GetAsync("/api/auth/me")).Status);
        Assert.Equal(204, (await boss.DeleteAsync($"{path}/{id}")).Status);
        Assert.Equal(401, (await victim.GetAsync("/api/auth/me")).Status);
    }

    [Fact]
    public async Task A_planted_session_cookie_does_not_become_the_session_of_who_signs_in()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("mallory");
        await app.AddAsync("jo");
        var cookies = new CookieContainer();
        var attacker = app.Browser(cookies);
        await attacker.SignInAsync("mallory");
        var planted = cookies.GetAllCookies().Single(cookie => cookie.Name == "xrm_session").Value;

        var victims = new CookieContainer();
        victims.Add(attacker.Http.BaseAddress!, new Cookie("xrm_session", planted));
        var victim = app.Browser(victims);
        Assert.Equal(200, (await victim.SignInAsync("jo")).Status);
        Assert.NotEqual(planted, victims.GetAllCookies().Single(cookie => cookie.Name == "xrm_session").Value);
        Assert.Equal(401, (await attacker.GetAsync("/api/auth/me")).Status);
    }

    [Theory]
    [InlineData("last_seen_at = now() - interval '4 days'")]
    [InlineData("expires_at = now() - interval '1 second'")]
    public async Task A_session_ends_when_it_is_idle_or_old(string change)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var browser = await app.EnterAsync("jo");
        await app.ExecuteAsync($"update xrm.session set {change}");
        Assert.Equal(401, (await browser.GetAsync("/api/auth/me")).Status);
        Assert.Equal(1, await app.Get<Xrm.Data.Catalogue.SessionStore>().ForgetAsync(TimeProvider.System.GetUtcNow().UtcDateTime, 10, CancellationToken.None));
    }

    [Fact]
    public async Task The_last_use_is_written_when_some_minutes_have_passed()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var browser = await app.EnterAsync("jo");
        Assert.Equal(1, await app.ExecuteAsync("update xrm.session set last_seen_at = now() - interval '10 minutes'"));
        await browser.GetAsync("/api/auth/me");
        Assert.Equal(1, await app.ExecuteAsync("update xrm.session set last_seen_at = last_seen_at where last_seen_at > now() - interval '1 minute'"));
    }

    [Fact]
    public async Task A_session_that_is_revoked_on_one_node_ends_on_the_other()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        await using var other = await app.AddNodeAsync();
        var cookies = new CookieContainer();
        var first = app.Browser(cookies);
        await first.SignInAsync("jo");
        Assert.Equal(204, (await first.PostAsync("/api/auth/sign-out", "{}")).Status);
        // A node that has not seen the session within the last seconds remembers nothing of it.
        Assert.Equal(401, (await app.Browser(cookies, ((Microsoft.AspNetCore.Builder.WebApplication)other).Urls.First()).GetAsync("/api/auth/me")).Status);
    }

    private static Guid Other(Answer listed) => listed.Json.EnumerateArray().Single(session => !session.GetProperty("isPresent").GetBoolean()).GetProperty("id").GetGuid();
}
