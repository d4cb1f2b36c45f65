using Xrm.Server.Features.Users;

namespace Xrm.Server.Tests.Identity;

/// <summary>What people are told by mail about their accounts, in their language.</summary>
public sealed class AccountMailTests
{
    [Fact]
    public async Task Owners_are_told_of_tokens_and_second_factors_in_the_language_of_their_last_sign_in()
    {
        await using var app = await People.ServeAsync();
        var jo = await app.AddAsync("jo", email: "jo@example.com");
        var browser = app.Browser();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de-AT,de;q=0.9");
        await browser.SignInAsync("jo");
        Assert.Equal(201, (await browser.PostAsync("/api/auth/tokens", """{ "name": "report" }""")).Status);
        await browser.AddAuthenticatorAsync();
        Assert.Equal(200, (await browser.PostAsync("/api/auth/second-factor/recovery-codes", $$"""{ "password": "{{People.Password}}" }""")).Status);
        Assert.Equal(204, (await browser.PostAsync("/api/auth/second-factor/authenticator/remove", $$"""{ "password": "{{People.Password}}" }""")).Status);
        // The administrator reads English; the mail is not for them.
        Assert.Equal(204, (await (await app.ClientAsync()).DeleteAsync($"/api/administration/users/{jo}/second-factor")).Status);
        string[] told = ["Zugriffstoken angelegt, das für Ihr Konto handelt: report", "wurde für Ihr Konto eingerichtet", "neue Wiederherstellungscodes", "wurde für Ihr Konto abgeschaltet", "alle zweiten Faktoren Ihres Kontos entfernt"];
        var mails = await app.MailsAsync("jo@example.com");
        Assert.Equal(told.Length, mails.Length);
        Assert.All(told.Zip(mails), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_signs_in_with_a_recovery_code_makes_the_owner_be_told()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo", email: "jo@example.com");
        var (_, codes) = await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        var visitor = app.Browser();
        await visitor.SignInAsync("jo");
        Assert.Equal(200, (await visitor.PostAsync("/api/auth/second-step", $$"""{ "recoveryCode": "{{codes[0]}}" }""")).Status);
        Assert.Contains("signed in to your account with one of your recovery codes", (await app.MailsAsync("jo@example.com"))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_an_administrator_resets_and_an_address_that_changes_are_told_to_who_had_them()
    {
        await using var app = await People.ServeAsync(("XRM_PUBLIC_URL", "https://crm.example.com"));
        var jo = await app.AddAsync("jo", email: "jo@example.com");
        var browser = await app.EnterAsync("jo");
        Assert.Equal(202, (await browser.PostAsync("/api/auth/email", $$"""{ "email": "jo@new.example", "password": "{{People.Password}}" }""")).Status);
        var secret = Assert.Single(await app.LinksAsync("jo@new.example"));
        Assert.Empty(await app.MailsAsync("jo@example.com"));
        Assert.Equal(204, (await browser.PostAsync("/api/auth/email/confirm", $$"""{ "secret": "{{secret}}" }""")).Status);
        Assert.Contains("The e-mail address of your account was changed", Assert.Single(await app.MailsAsync("jo@example.com")), StringComparison.Ordinal);
        Assert.Equal(200, (await (await app.ClientAsync()).PostAsync($"/api/administration/users/{jo}/password", "{}")).Status);
        Assert.Contains("The password of your account was changed", (await app.MailsAsync("jo@new.example"))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_token_is_announced_a_week_before_once_to_its_owner_alone()
    {
        var clock = new MovableClock();
        await using var app = await TestApplication.StartAsync(new TestSettings { Time = clock }, "desk", People.Package());
        await app.AddAsync("jo", email: "jo@example.com");
        await app.AddAsync("kim");
        var away = await app.AddAsync("away", email: "away@example.com");
        foreach (var name in (string[])["jo", "kim", "away"])
        {
            var browser = app.Browser();
            if (name == "jo") browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de");
            await browser.SignInAsync(name);
            foreach (var wanted in (string[])["""{ "name": "long", "days": 30 }""", """{ "name": "longer", "days": 90 }""", """{ "name": "short", "days": 7 }"""])
                Assert.Equal(201, (await browser.PostAsync("/api/auth/tokens", wanted)).Status);
        }
        await app.ExecuteAsync($"update xrm.\"user\" set is_active = false where id = '{away}'");
        await app.ExecuteAsync("delete from org_main._mail");
        await RunAsync();
        Assert.Equal(0, await CountAsync());
        clock.Move(TimeSpan.FromDays(23.5));
        await RunAsync();
        Assert.Contains("Ihr Zugriffstoken „long“ gilt noch bis", Assert.Single(await app.MailsAsync("jo@example.com")), StringComparison.Ordinal);
        await RunAsync();
        clock.Move(TimeSpan.FromDays(1));
        await RunAsync();
        Assert.Equal(1, await CountAsync());
        clock.Move(TimeSpan.FromDays(60));
        await RunAsync();
        Assert.Contains("„longer“", (await app.MailsAsync("jo@example.com"))[1], StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync());

        Task RunAsync() => app.Get<TokenReminders>().RunAsync(CancellationToken.None);
        Task<int> CountAsync() => app.ExecuteAsync("update org_main._mail set subject = subject");
    }
}
