using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Identity;

/// <summary>A server with people who have passwords.</summary>
internal static class People
{
    /// <summary>The password of everybody.</summary>
    public const string Password = "grau violett kastanie 71";

    /// <summary>Another good one.</summary>
    public const string Other = "segel murmel kontrabass 9";

    /// <summary>Entities <c>note</c> and <c>memo</c> of nobody in particular, and the role <c>writer</c>, which may do all with them.</summary>
    public static PackageFiles Package() => new PackageBuilder("desk")
        .Entity("note")
        .Entity("memo")
        .File("roles/writer.json", """{ "name": "writer", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .Files();

    public static Task<TestApplication> ServeAsync(params (string Name, string Value)[] environment) =>
        TestApplication.StartAsync(new TestSettings { Environment = environment.ToDictionary(each => each.Name, each => (string?)each.Value) }, "desk", Package());

    /// <summary>Makes somebody with <see cref="Password"/>.</summary>
    public static async Task<Guid> AddAsync(this TestApplication app, string name, bool isAdministrator = false, string? email = null, params string[] roles)
    {
        var id = Guid.CreateVersion7();
        var hash = new PasswordHasher<User>().HashPassword(new User(id, name, name, null, null, false, false, true, 0, null), Password);
        Assert.True(await app.Get<UserStore>().AddAsync(new User(id, name, name, email, hash, false, isAdministrator, true, 0, null), CancellationToken.None));
        await app.Get<UserStore>().SetRolesAsync(id, roles, CancellationToken.None);
        if (email is not null) Assert.True(await app.Get<AccountStore>().ConfirmEmailAsync(id, email, CancellationToken.None));
        return id;
    }

    public static Task<Answer> SignInAsync(this TestClient browser, string name, string password = Password) =>
        browser.PostAsync("/api/auth/sign-in", $$"""{ "userName": "{{name}}", "password": "{{password}}" }""");

    /// <summary>A browser in which somebody is signed in.</summary>
    public static async Task<TestClient> EnterAsync(this TestApplication app, string name, string password = Password)
    {
        var browser = app.Browser();
        var answer = await browser.SignInAsync(name, password);
        Assert.True(answer.Status == 200 && answer["user"] is not null, $"{answer.Status} {answer.Json}");
        return browser;
    }

    /// <summary>Runs a statement in the database, such as one that moves time.</summary>
    public static async Task<int> ExecuteAsync(this TestApplication app, string sql)
    {
        await using var connection = await app.Database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteAsync(sql);
    }

    /// <summary>Secrets in the links of the mails to an address, oldest first.</summary>
    public static async Task<string[]> LinksAsync(this TestApplication app, string address)
    {
        await using var connection = await app.Database.OpenAsync(CancellationToken.None);
        var bodies = await connection.QueryAsync<string>("select body from org_main._mail where @address = any(recipients) and body like '%#%' order by id", new { address });
        return [.. bodies.Select(body => body.Split('#')[1].Split('\n')[0].Trim())];
    }

    /// <summary>The mails to an address, oldest first.</summary>
    public static async Task<string[]> MailsAsync(this TestApplication app, string address)
    {
        await using var connection = await app.Database.OpenAsync(CancellationToken.None);
        return [.. await connection.QueryAsync<string>("select body from org_main._mail where @address = any(recipients) order by id", new { address })];
    }

    /// <summary>What an authenticator shows (RFC 6238), worked out apart from the product.</summary>
    /// <param name="key">Key in base 32.</param>
    /// <param name="steps">Half minutes from now.</param>
    public static string CodeOf(string key, int steps = 0)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + steps);
        var hash = HMACSHA1.HashData(secret, counter.Reverse().ToArray());
        var at = hash[^1] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sets up an authenticator for whoever is signed in.</summary>
    /// <returns>Its key and the recovery codes.</returns>
    public static async Task<(string Key, string[] RecoveryCodes)> AddAuthenticatorAsync(this TestClient browser)
    {
        var setup = await browser.PostAsync("/api/auth/second-factor/authenticator", $$"""{ "password": "{{Password}}" }""");
        Assert.Equal(200, setup.Status);
        var confirmed = await browser.PostAsync("/api/auth/second-factor/authenticator/confirm", $$"""{ "code": "{{CodeOf(setup["key"]!, -1)}}" }""");
        Assert.True(confirmed.Status == 200, $"{confirmed.Status} {confirmed.Json}");
        return (setup["key"]!, [.. confirmed.Json.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)]);
    }
}
