namespace Xrm.Server.Tests.Identity;

public sealed class SecondFactorTests
{
    private const string Step = "/api/auth/second-step";

    [Fact]
    public async Task A_password_alone_opens_nothing_once_an_authenticator_is_set_up()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (key, _) = await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        var browser = app.Browser();
        var first = await browser.SignInAsync("jo");
        Assert.Null(first["user"]);
        Assert.Equal(["code", "recovery_code"], first.Json.GetProperty("secondStep").GetProperty("methods").EnumerateArray().Select(method => method.GetString()!));
        Assert.Equal(401, (await browser.GetAsync("/api/auth/me")).Status);
        var second = await browser.PostAsync(Step, $$"""{ "value": "{{People.CodeOf(key)}}" }""");
        Assert.Equal((200, 200), (second.Status, (await browser.GetAsync("/api/auth/me")).Status));
    }

    [Fact]
    public async Task A_code_works_once_only()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (key, _) = await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        var code = $$"""{ "value": "{{People.CodeOf(key)}}" }""";
        var (first, second) = (app.Browser(), app.Browser());
        await first.SignInAsync("jo");
        await second.SignInAsync("jo");
        var answers = await Task.WhenAll(first.PostAsync(Step, code), second.PostAsync(Step, code));
        Assert.Equal([200, 401], answers.Select(answer => answer.Status).Order());
        Assert.Equal(401, (await first.PostAsync(Step, code)).Status);
    }

    [Fact]
    public async Task A_recovery_code_works_once_only_and_new_ones_make_the_old_ones_void()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var owner = await app.EnterAsync("jo");
        var (_, codes) = await owner.AddAuthenticatorAsync();
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Equal(0, await app.ExecuteAsync($"delete from xrm.recovery_code where code_hash = convert_to('{codes[0]}', 'UTF8')"));
        Assert.Equal((200, 401), (await TryAsync(app, codes[0].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()), await TryAsync(app, codes[0])));
        Assert.Equal("9", (await owner.GetAsync("/api/auth/second-factor"))["recoveryCodes"]);
        Assert.Equal(400, (await owner.PostAsync("/api/auth/second-factor/recovery-codes", """{ "password": "wrong" }""")).Status);
        Assert.Equal(200, (await owner.PostAsync("/api/auth/second-factor/recovery-codes", $$"""{ "password": "{{People.Password}}" }""")).Status);
        Assert.Equal(401, await TryAsync(app, codes[1]));
    }

    [Fact]
    public async Task Wrong_codes_end_the_step_and_lock_the_account()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (key, _) = await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        var browser = app.Browser();
        await browser.SignInAsync("jo");
        for (var tries = 0; tries < 5; tries++) Assert.Equal("wrong_code", (await browser.PostAsync(Step, """{ "value": "000000" }"""))["code"]);
        var right = $$"""{ "value": "{{People.CodeOf(key)}}" }""";
        Assert.Equal("second_step_expired", (await browser.PostAsync(Step, right))["code"]);
        // The right password in between does not make the wrong codes forgotten.
        await browser.SignInAsync("jo");
        for (var tries = 0; tries < 3; tries++) Assert.Equal("wrong_code", (await browser.PostAsync(Step, """{ "value": "000000" }"""))["code"]);
        Assert.Equal((429, 429), ((await browser.PostAsync(Step, right)).Status, (await app.Browser().SignInAsync("jo")).Status));
    }

    [Fact]
    public async Task The_second_step_belongs_to_the_browser_that_gave_the_password()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (key, _) = await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        await app.Browser().SignInAsync("jo");
        Assert.Equal("second_step_expired", (await app.Browser().PostAsync(Step, $$"""{ "value": "{{People.CodeOf(key)}}" }"""))["code"]);
    }

    [Fact]
    public async Task Removing_and_replacing_an_authenticator_asks_for_the_password()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var owner = await app.EnterAsync("jo");
        Assert.Equal(400, (await owner.PostAsync("/api/auth/second-factor/authenticator", """{ "password": "wrong" }""")).Status);
        await owner.AddAuthenticatorAsync();
        Assert.Equal("authenticator_exists", (await owner.PostAsync("/api/auth/second-factor/authenticator", $$"""{ "password": "{{People.Password}}" }"""))["code"]);
        Assert.Equal(400, (await owner.PostAsync("/api/auth/second-factor/authenticator/remove", "{}")).Status);
        Assert.Equal(204, (await owner.PostAsync("/api/auth/second-factor/authenticator/remove", $$"""{ "password": "{{People.Password}}" }""")).Status);
        await app.EnterAsync("jo");
    }

    [Fact]
    public async Task An_administrator_resets_the_second_factor_of_somebody_who_has_lost_it()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo");
        var owner = await app.EnterAsync("jo");
        await owner.AddAuthenticatorAsync();
        Assert.Equal(204, (await (await app.ClientAsync()).DeleteAsync($"/api/administration/users/{id}/second-factor")).Status);
        Assert.Equal(401, (await owner.GetAsync("/api/auth/me")).Status);
        await app.EnterAsync("jo");
    }

    [Theory]
    [InlineData("administrators", true, true)]
    [InlineData("administrators", false, false)]
    [InlineData("everybody", false, true)]
    [InlineData("none", true, false)]
    public async Task Who_must_have_a_second_factor_can_do_nothing_else_before_adding_one(string demand, bool isAdministrator, bool isDemanded)
    {
        await using var app = await People.ServeAsync(("XRM_SECOND_FACTOR", demand));
        await app.AddAsync("jo", isAdministrator, roles: "writer");
        var browser = await app.EnterAsync("jo");
        Assert.Equal(isDemanded ? "True" : "False", (await browser.GetAsync("/api/auth/me"))["mustAddSecondFactor"]);
        var before = await browser.GetAsync("/api/data/notes");
        Assert.Equal(isDemanded ? (403, "second_factor_required") : (200, null), (before.Status, before["code"]));
        if (!isDemanded) return;
        Assert.Equal("second_factor_required", (await browser.PostAsync("/api/auth/tokens", """{ "name": "x" }"""))["code"]);
        await browser.AddAuthenticatorAsync();
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
    }

    private static async Task<int> TryAsync(TestApplication app, string recoveryCode)
    {
        var browser = app.Browser();
        await browser.SignInAsync("jo");
        return (await browser.PostAsync(Step, $$"""{ "recoveryCode": "{{recoveryCode}}" }""")).Status;
    }
}
