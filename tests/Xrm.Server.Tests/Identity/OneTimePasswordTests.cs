using Xrm.Server.Commands;
using Xrm.Server.Security;

namespace Xrm.Server.Tests.Identity;

/// <summary>A password that somebody hands over is good for a while.</summary>
public sealed class OneTimePasswordTests
{
    private readonly MovableClock _clock = new();

    [Theory]
    [InlineData(null, 72)]
    [InlineData("5", 5)]
    public async Task A_password_of_an_administrator_expires_and_whoever_has_it_is_told_what_to_do(string? hours, int length)
    {
        await using var app = await ServeAsync(hours);
        var id = await app.AddAsync("jo");
        var admin = await app.ClientAsync();
        var given = await admin.PostAsync($"/api/administration/users/{id}/password", "{}");
        Assert.Equal(length, Math.Round((given.Json.GetProperty("expiresAt").GetDateTime() - _clock.GetUtcNow().UtcDateTime).TotalHours));
        _clock.Move(TimeSpan.FromHours(length) - TimeSpan.FromMinutes(5));
        var early = app.Browser();
        Assert.Equal("True", (await early.SignInAsync("jo", given["password"]!))["mustChangePassword"]);
        _clock.Move(TimeSpan.FromMinutes(10));
        var late = await app.Browser().SignInAsync("jo", given["password"]!);
        Assert.Equal((401, "one_time_password_expired"), (late.Status, late["code"]));
        Assert.Contains("Ask an administrator for a new one, or run: xrm user reset-password jo", late["detail"], StringComparison.Ordinal);
        // Nor by a session that was opened in time.
        Assert.Equal("one_time_password_expired", (await ChangeAsync(early, given["password"]!))["code"]);
        // Nobody else learns that it was a one-time password.
        Assert.Equal("sign_in_refused", (await app.Browser().SignInAsync("jo", "something else 12"))["code"]);
        var next = (await admin.PostAsync($"/api/administration/users/{id}/password", "{}"))["password"]!;
        var browser = await app.EnterAsync("jo", next);
        Assert.Equal(204, (await ChangeAsync(browser, next)).Status);
        _clock.Move(TimeSpan.FromDays(1000));
        await app.EnterAsync("jo", People.Other);
    }

    [Fact]
    public async Task The_password_of_the_first_administrator_expires_and_the_command_line_makes_another()
    {
        await using var app = await ServeAsync(null);
        var password = await app.Get<SignIn>().CreateFirstAdministratorAsync(CancellationToken.None);
        Assert.Equal("True", (await app.Browser().SignInAsync("admin", password!))["mustChangePassword"]);
        _clock.Move(TimeSpan.FromHours(73));
        Assert.Equal("one_time_password_expired", (await app.Browser().SignInAsync("admin", password!))["code"]);
        // The command goes by the real clock.
        var next = await app.RunVerbAsync(["user", "reset-password", "admin"], ("XRM_ONE_TIME_PASSWORD_HOURS", "100"));
        Assert.Equal(401, (await app.Browser().SignInAsync("admin", password!)).Status);
        var browser = await app.EnterAsync("admin", next);
        Assert.Equal(204, (await ChangeAsync(browser, next)).Status);
        var told = (await browser.GetAsync("/api/administration/audit?operation=password_changed")).Json.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal([false, true], told.Select(entry => entry.GetProperty("isSystem").GetBoolean()));
        Assert.Equal("Administrator", told[1].GetProperty("concernedName").GetString());
        Assert.DoesNotContain(next, told[1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_is_none_ends_the_start()
    {
        await using var app = await ServeAsync("0");
        Assert.Contains("XRM_ONE_TIME_PASSWORD_HOURS must be at least 1", Assert.Throws<CommandFailedException>(app.Get<SignIn>).Message, StringComparison.Ordinal);
    }

    private Task<TestApplication> ServeAsync(string? hours) => TestApplication.StartAsync(
        new TestSettings { Time = _clock, Environment = new Dictionary<string, string?> { ["XRM_ONE_TIME_PASSWORD_HOURS"] = hours } }, "desk", People.Package());

    private static Task<Answer> ChangeAsync(TestClient browser, string password) => browser.PostAsync("/api/auth/password", $$"""{ "current": "{{password}}", "next": "{{People.Other}}" }""");
}
