using System.Text.Json;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Audit;

/// <summary>What the audit tells of accounts: what they may do, and how their owners come in.</summary>
public sealed class AccountEventTests
{
    [Fact]
    public async Task Changes_of_rights_are_told_with_before_and_after_and_nothing_else_is()
    {
        await using var app = await People.ServeAsync();
        var root = await app.AddAsync("root", isAdministrator: true);
        var jo = await app.AddAsync("jo");
        var admin = await app.EnterAsync("root");
        Assert.Equal(200, (await admin.PatchAsync($"/api/administration/users/{jo}", """{ "roles": ["writer"] }""")).Status);
        Assert.Equal(200, (await admin.PatchAsync($"/api/administration/users/{jo}", """{ "displayName": "Jo" }""")).Status);
        Assert.Equal(200, (await admin.PatchAsync($"/api/administration/users/{jo}", """{ "isActive": false }""")).Status);
        Assert.Equal(201, (await admin.PostAsync("/api/administration/users/service-accounts", """{ "userName": "importer", "roles": ["writer"] }""")).Status);
        var told = (await admin.GetAsync("/api/administration/audit?operation=roles_changed")).Json.GetProperty("value").EnumerateArray().Reverse().ToList();
        Assert.Equal(3, told.Count);
        Assert.All(told, entry => Assert.Equal(root, entry.GetProperty("userId").GetGuid()));
        Assert.Equal([jo, jo], told.Take(2).Select(entry => entry.GetProperty("details").GetProperty("user").GetGuid()));
        Assert.Equal(["[] True -> [writer] True", "[writer] True -> [writer] False", "none -> [writer] True"], told.Select(entry => Written(entry.GetProperty("details"))));
    }

    [Fact]
    public async Task A_wrong_second_step_is_told_of_whose_it_is()
    {
        await using var app = await People.ServeAsync();
        var jo = await app.AddAsync("jo");
        await app.AddAsync("root", isAdministrator: true);
        await app.ExecuteAsync($"update xrm.\"user\" set authenticator_key = 'JBSWY3DPEHPK3PXP', authenticator_confirmed_at = now() where id = '{jo}'");
        var browser = app.Browser();
        Assert.NotNull((await browser.SignInAsync("jo"))["secondStep"]);
        Assert.Equal(401, (await browser.PostAsync("/api/auth/second-step", """{ "value": "000000" }""")).Status);
        var admin = await app.EnterAsync("root");
        var entry = Assert.Single((await admin.GetAsync($"/api/administration/audit?user={jo}")).Json.GetProperty("value").EnumerateArray());
        Assert.Equal("sign_in_failed", entry.GetProperty("operation").GetString());
    }

    private static string Written(JsonElement details) => $"{Rights(details, "before")} -> {Rights(details, "after")}";

    private static string Rights(JsonElement details, string when) => details.TryGetProperty(when, out var rights) && rights.ValueKind == JsonValueKind.Object
        ? $"[{string.Join(',', rights.GetProperty("roles").EnumerateArray().Select(role => role.GetString()))}] {rights.GetProperty("isActive").GetBoolean()}" : "none";
}
