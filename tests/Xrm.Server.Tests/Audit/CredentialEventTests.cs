using System.Text.Json;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Audit;

/// <summary>The audit tells of each change of how somebody comes in: who did it, whose it is, and never a secret.</summary>
public sealed class CredentialEventTests : IAsyncLifetime
{
    private const string Factor = "/api/auth/second-factor";

    private TestApplication _app = null!;
    private Guid _root;
    private Guid _jo;

    public async Task InitializeAsync()
    {
        _app = await People.ServeAsync();
        _root = await _app.AddAsync("root", isAdministrator: true);
        _jo = await _app.AddAsync("jo");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Tokens_that_are_made_and_revoked_are_told_with_whose_they_are_and_what_they_may()
    {
        var (owner, admin) = (await _app.EnterAsync("jo"), await _app.EnterAsync("root"));
        var own = await owner.PostAsync("/api/auth/tokens", """{ "name": "report", "days": 30, "access": "write", "entities": [ "note" ] }""");
        Assert.Equal(204, (await owner.DeleteAsync($"/api/auth/tokens/{own.Json.GetProperty("details").GetProperty("id").GetString()}")).Status);
        Assert.Equal(404, (await owner.DeleteAsync($"/api/auth/tokens/{own.Json.GetProperty("details").GetProperty("id").GetString()}")).Status);
        var service = (await admin.PostAsync("/api/administration/users/service-accounts", """{ "userName": "importer" }"""))["id"]!;
        var other = await admin.PostAsync($"/api/administration/users/{service}/tokens", """{ "name": "nightly" }""");
        Assert.Equal(204, (await admin.DeleteAsync($"/api/administration/users/{service}/tokens/{other.Json.GetProperty("details").GetProperty("id").GetString()}")).Status);
        var told = await ToldAsync("token_made,token_revoked", own["token"]!, other["token"]!);
        Assert.Equal(["token_made", "token_revoked", "token_made", "token_revoked"], told.Select(Operation));
        Assert.Equal([_jo, _jo, _root, _root], told.Select(By));
        Assert.All(told.Take(2), entry => Assert.Equal(("report", "read write entity:note", false), (Text(entry, "name"), Scopes(entry), Details(entry).TryGetProperty("user", out _))));
        Assert.All(told.Skip(2), entry => Assert.Equal(("nightly", "read", service, "importer"), (Text(entry, "name"), Scopes(entry), Text(entry, "user"), entry.GetProperty("concernedName").GetString())));
        Assert.Equal(30, Math.Round((Details(told[0]).GetProperty("expiresAt").GetDateTime() - told[0].GetProperty("at").GetDateTime()).TotalDays));
    }

    [Fact]
    public async Task A_token_of_the_command_line_is_told_too()
    {
        var token = await _app.RunVerbAsync(["token", "create", "--name", "laptop", "--user", "jo", "--days", "5"]);
        Assert.StartsWith("xrm_", token, StringComparison.Ordinal);
        var entry = Assert.Single(await ToldAsync("token_made", token));
        Assert.Equal(("laptop", _jo.ToString(), true, "system"), (Text(entry, "name"), Text(entry, "user"), entry.GetProperty("isSystem").GetBoolean(), entry.GetProperty("source").GetString()));
        Assert.False(Details(entry).TryGetProperty("scopes", out _));
    }

    [Fact]
    public async Task Second_factors_are_told_from_their_set_up_to_their_end()
    {
        var owner = await _app.EnterAsync("jo");
        var (key, codes) = await owner.AddAuthenticatorAsync();
        var renewed = (await owner.PostAsync($"{Factor}/recovery-codes", $$"""{ "password": "{{People.Password}}" }""")).Json.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!).ToArray();
        var visitor = _app.Browser();
        await visitor.SignInAsync("jo");
        Assert.Equal(401, (await visitor.PostAsync("/api/auth/second-step", $$"""{ "recoveryCode": "{{codes[0]}}" }""")).Status);
        Assert.Equal(200, (await visitor.PostAsync("/api/auth/second-step", $$"""{ "recoveryCode": "{{renewed[0]}}" }""")).Status);
        var remove = $$"""{ "password": "{{People.Password}}" }""";
        Assert.Equal(204, (await owner.PostAsync($"{Factor}/authenticator/remove", remove)).Status);
        // There is none any more: nothing has changed.
        Assert.Equal(204, (await owner.PostAsync($"{Factor}/authenticator/remove", remove)).Status);
        var told = await ToldAsync("second_factor_added,second_factor_removed,recovery_codes_renewed,recovery_code_used", [key, .. codes, .. renewed]);
        Assert.Equal(["second_factor_added", "recovery_codes_renewed", "recovery_code_used", "second_factor_removed"], told.Select(Operation));
        Assert.All(told, entry => Assert.Equal(_jo, By(entry)));
        Assert.Equal(9, Details(told[2]).GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Second_factors_that_an_administrator_resets_are_told_of_whose_they_were()
    {
        await (await _app.EnterAsync("jo")).AddAuthenticatorAsync();
        Assert.Equal(204, (await (await _app.EnterAsync("root")).DeleteAsync($"/api/administration/users/{_jo}/second-factor")).Status);
        var entry = Assert.Single(await ToldAsync("second_factor_removed"));
        Assert.Equal((_root, _jo.ToString(), true, 0), (By(entry), Text(entry, "user"), Details(entry).GetProperty("authenticator").GetBoolean(), Details(entry).GetProperty("passkeys").GetInt32()));
    }

    [Fact]
    public async Task Sessions_that_are_ended_are_told_with_where_they_were()
    {
        var (owner, admin) = (await _app.EnterAsync("jo"), await _app.EnterAsync("root"));
        await _app.EnterAsync("jo");
        Assert.Equal(204, (await owner.DeleteAsync($"/api/auth/sessions/{await OtherAsync()}")).Status);
        await _app.EnterAsync("jo");
        await _app.EnterAsync("jo");
        Assert.Equal(204, (await owner.DeleteAsync("/api/auth/sessions")).Status);
        Assert.Equal(204, (await owner.DeleteAsync("/api/auth/sessions")).Status);
        await _app.EnterAsync("jo");
        Assert.Equal(204, (await admin.DeleteAsync($"/api/administration/users/{_jo}/sessions/{await OtherAsync()}")).Status);
        Assert.Equal(204, (await admin.DeleteAsync($"/api/administration/users/{_jo}/sessions")).Status);
        var told = await ToldAsync("sessions_ended");
        Assert.Equal([(_jo, 1), (_jo, 2), (_root, 1), (_root, 1)], told.Select(entry => (By(entry), Details(entry).GetProperty("sessions").GetInt32())));
        Assert.Equal([true, false, true, false], told.Select(entry => Details(entry).TryGetProperty("since", out _)));
        Assert.Equal(("Browser of a test", "127.0.0.1"), (Text(told[0], "browser"), Text(told[0], "address")));
        Assert.Equal([null, null, "jo", "jo"], told.Select(entry => entry.TryGetProperty("concernedName", out var name) ? name.GetString() : null));

        async Task<string> OtherAsync() => (await owner.GetAsync("/api/auth/sessions")).Json.EnumerateArray().Single(session => !session.GetProperty("isPresent").GetBoolean()).GetProperty("id").GetString()!;
    }

    /// <summary>Entries of the audit, the oldest first. None of it has a secret.</summary>
    private async Task<List<JsonElement>> ToldAsync(string operations, params string[] secrets)
    {
        var admin = await _app.EnterAsync("root");
        var all = (await admin.GetAsync("/api/administration/audit?top=500")).Json.GetRawText();
        Assert.All([People.Password, .. secrets], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        return [.. (await admin.GetAsync($"/api/administration/audit?operation={operations}")).Json.GetProperty("value").EnumerateArray().Reverse()];
    }

    private static string? Operation(JsonElement entry) => entry.GetProperty("operation").GetString();

    private static Guid By(JsonElement entry) => entry.GetProperty("userId").GetGuid();

    private static JsonElement Details(JsonElement entry) => entry.GetProperty("details");

    private static string? Text(JsonElement entry, string name) => Details(entry).GetProperty(name).GetString();

    private static string Scopes(JsonElement entry) => string.Join(' ', Details(entry).GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
}
