using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Data.Catalogue;
using Xrm.Server.Commands;
using Xrm.Server.Security.Providers;
using Microsoft.Extensions.Configuration;
using static Xrm.Server.Tests.Identity.TestProvider;

namespace Xrm.Server.Tests.Identity;

public sealed class ProviderTests : IAsyncLifetime
{
    private const string Verified = "\"email\": \"jo@example.com\", \"email_verified\": true, \"name\": \"Jo Doe\"";
    private TestProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await TestProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task A_first_sign_in_makes_an_account_without_rights_where_the_provider_may()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        var browser = app.Browser();
        Assert.Equal("""[{"key":"company","name":"Company"}]""", (await browser.GetAsync("/api/auth/options")).Json.GetProperty("providers").ToString());
        var arrival = await SignInAsync(browser, "4711", Verified);
        Assert.Equal((200, "Jo Doe", "jo@example.com"), (arrival.Status, User(arrival).GetProperty("displayName").GetString(), User(arrival).GetProperty("userName").GetString()));
        var id = User(arrival).GetProperty("id").GetGuid();
        Assert.False(User(arrival).GetProperty("isAdministrator").GetBoolean());
        Assert.Equal(403, (await browser.GetAsync("/api/data/notes")).Status);
        Assert.Empty(await app.Get<UserStore>().RolesAsync(id, CancellationToken.None));
        Assert.True((await app.Get<AccountStore>().FindAsync(id, CancellationToken.None))!.IsEmailConfirmed);
        var again = app.Browser();
        Assert.Equal(id, User(await SignInAsync(again, "4711", "\"email\": \"other@example.com\"")).GetProperty("id").GetGuid());
        Assert.Equal(200, (await again.GetAsync("/api/auth/me")).Status);
    }

    [Fact]
    public async Task Somebody_unknown_gets_in_nowhere_by_default()
    {
        await using var app = await ServeAsync();
        await app.AddAsync("jo", email: "jo@example.com");
        var arrival = await SignInAsync(app.Browser(), "4711", Verified);
        Assert.Equal((403, "provider_unknown_person"), (arrival.Status, arrival["code"]));
        Assert.Equal(0, await app.ExecuteAsync("delete from xrm.external_identity"));
    }

    [Fact]
    public async Task A_confirmed_address_leads_to_the_account_where_the_provider_may_link_by_it()
    {
        await using var app = await ServeAsync(("LINK_BY_EMAIL", "true"));
        var jo = await app.AddAsync("jo", email: "jo@example.com");
        Assert.Equal(jo, User(await SignInAsync(app.Browser(), "4711", Verified)).GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("\"email\": \"jo@example.com\"", true)]
    [InlineData("\"email\": \"jo@example.com\", \"email_verified\": false", true)]
    [InlineData("\"email\": \"jo@example.com\", \"email_verified\": \"no\"", true)]
    [InlineData("\"email\": \"jo@example.com\", \"email_verified\": true", false)]
    public async Task An_address_that_one_side_has_not_confirmed_takes_over_no_account(string claims, bool isConfirmedHere)
    {
        await using var app = await ServeAsync(("LINK_BY_EMAIL", "true"), ("CREATE_ACCOUNTS", "true"));
        var jo = await app.AddAsync("jo@example.com", email: "jo@example.com");
        if (!isConfirmedHere) await app.ExecuteAsync("update xrm.\"user\" set email_confirmed_at = null");
        var arrival = await SignInAsync(app.Browser(), "4711", claims);
        // Under a name of its own, or not at all: never as the one whose address it is.
        if (arrival.Status == 200) Assert.StartsWith("company-", User(arrival).GetProperty("userName").GetString());
        else Assert.Equal((409, "name_taken"), (arrival.Status, arrival["code"]));
        Assert.Equal(0, await app.ExecuteAsync($"delete from xrm.external_identity where user_id = '{jo}'"));
    }

    [Fact]
    public async Task An_account_elsewhere_is_linked_in_my_account_with_the_password_and_removed_again()
    {
        await using var app = await ServeAsync();
        await app.AddAsync("jo", email: "jo@company.example");
        var browser = await app.EnterAsync("jo");
        Assert.Equal((400, "password wrong_password"), await FailureAsync(browser.PostAsync("/api/auth/providers/company/link", """{ "password": "wrong" }""")));
        var begun = await browser.PostAsync("/api/auth/providers/company/link", $$"""{ "password": "{{People.Password}}", "returnTo": "/account" }""");
        var arrival = await FinishAsync(browser, _provider.Authorise(begun["url"]!, "4711", Verified));
        Assert.Equal((200, "/account", null), (arrival.Status, arrival["returnTo"], arrival["session"]));
        var identity = (await browser.GetAsync("/api/auth/identities")).Json.GetProperty("identities").EnumerateArray().Single();
        Assert.Equal((_provider.Url, "jo@example.com"), (identity.GetProperty("issuer").GetString(), identity.GetProperty("name").GetString()));
        Assert.Equal("jo", User(await SignInAsync(app.Browser(), "4711")).GetProperty("userName").GetString());

        Assert.Equal(204, (await browser.DeleteAsync($"/api/auth/identities/{identity.GetProperty("id").GetGuid()}")).Status);
        Assert.Equal(403, (await SignInAsync(app.Browser(), "4711")).Status);
        await app.AddAsync("boss", isAdministrator: true);
        var audit = await (await app.EnterAsync("boss")).GetAsync("/api/administration/audit?operation=identity_linked,identity_unlinked,sign_in_failed");
        var mails = await app.MailsAsync("jo@company.example");
        Assert.Equal(2, mails.Length);
        Assert.Contains("can be signed in to by an account elsewhere", mails[0], StringComparison.Ordinal);
        Assert.Contains("cannot be signed in to by it any more", mails[1], StringComparison.Ordinal);
        Assert.Equal(["sign_in_failed", "identity_unlinked", "identity_linked"], audit.Json.GetProperty("value").EnumerateArray().Select(entry => entry.GetProperty("operation").GetString()));
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        var browser = app.Browser();
        await SignInAsync(browser, "4711", Verified);
        var id = (await browser.GetAsync("/api/auth/identities")).Json.GetProperty("identities").EnumerateArray().Single().GetProperty("id").GetGuid();
        Assert.Equal((409, "last_way_in"), Failure(await browser.DeleteAsync($"/api/auth/identities/{id}")));
        await app.AddAsync("mallory");
        Assert.Equal((404, "identity_unknown"), Failure(await (await app.EnterAsync("mallory")).DeleteAsync($"/api/auth/identities/{id}")));
    }

    [Fact]
    public async Task An_invitation_is_accepted_by_an_account_elsewhere_once()
    {
        await using var app = await ServeAsync();
        await app.AddAsync("boss", isAdministrator: true);
        var boss = await app.EnterAsync("boss");
        var invited = await boss.PostAsync("/api/administration/users", """{ "email": "new@example.com", "roles": ["writer"] }""");
        var secret = invited["link"]!.Split('#')[1];
        var browser = app.Browser();
        var begun = await browser.PostAsync("/api/auth/providers/company/begin", $$"""{ "invitation": "{{secret}}" }""");
        var arrival = await FinishAsync(browser, _provider.Authorise(begun["url"]!, "4711", Verified));
        Assert.Equal("new@example.com", User(arrival).GetProperty("userName").GetString());
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
        Assert.Equal((410, "link_expired"), Failure(await app.Browser().PostAsync("/api/auth/providers/company/begin", $$"""{ "invitation": "{{secret}}" }""")));
    }

    [Fact]
    public async Task A_second_factor_of_ours_is_asked_for_unless_the_provider_has_seen_one_that_counts()
    {
        await using var app = await ServeAsync(("LINK_BY_EMAIL", "true"), ("SECOND_FACTOR", "mfa,phr"));
        await app.AddAsync("jo", email: "jo@example.com");
        await (await app.EnterAsync("jo")).AddAuthenticatorAsync();
        var browser = app.Browser();
        var arrival = await SignInAsync(browser, "4711", Verified + ", \"amr\": [\"pwd\"]");
        Assert.Contains("\"code\"", arrival.Json.GetProperty("session").GetProperty("secondStep").ToString());
        Assert.Equal(401, (await browser.GetAsync("/api/auth/me")).Status);
        Assert.Equal("jo", User(await SignInAsync(app.Browser(), "4711", "\"amr\": [\"pwd\", \"mfa\"]")).GetProperty("userName").GetString());
        Assert.Equal("jo", User(await SignInAsync(app.Browser(), "4711", "\"acr\": \"phr\"")).GetProperty("userName").GetString());
    }

    [Fact]
    public async Task What_a_provider_is_not_trusted_in_is_no_second_factor()
    {
        await using var app = await People.ServeAsync([.. _provider.Settings(("CREATE_ACCOUNTS", "true")), ("XRM_SECOND_FACTOR", "everybody")]);
        var browser = app.Browser();
        await SignInAsync(browser, "4711", Verified + ", \"amr\": [\"mfa\"], \"acr\": \"mfa\"");
        Assert.Equal((403, "second_factor_required"), Failure(await browser.GetAsync("/api/data/notes")));
    }

    [Fact]
    public async Task Groups_give_and_take_the_roles_that_belong_to_them()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"), ("ROLES_CLAIM", "groups"), ("ROLES", "crm=writer, crm=not_a_role"));
        var browser = app.Browser();
        var id = User(await SignInAsync(browser, "4711", Verified + ", \"groups\": [\"crm\", \"administrators\"]")).GetProperty("id").GetGuid();
        Assert.Equal(["writer"], await app.Get<UserStore>().RolesAsync(id, CancellationToken.None));
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
        // Nothing is said of groups: nothing changes. An empty list says that there are none.
        await SignInAsync(app.Browser(), "4711");
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
        await SignInAsync(app.Browser(), "4711", "\"groups\": []");
        Assert.Equal(403, (await browser.GetAsync("/api/data/notes")).Status);
    }

    [Fact]
    public async Task What_the_token_does_not_tell_is_asked_for_and_must_be_of_the_same_person()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        _provider.UserInfo = new JsonObject { ["sub"] = "4711", ["email"] = "jo@example.com", ["email_verified"] = true };
        Assert.Equal("jo@example.com", User(await SignInAsync(app.Browser(), "4711")).GetProperty("userName").GetString());
        Assert.Equal((401, "provider_refused"), Failure(await SignInAsync(app.Browser(), "4712")));
    }

    [Theory]
    [InlineData("nonce", "\"another\"")]
    [InlineData("nonce", "null")]
    [InlineData("iss", "\"https://evil.example.com\"")]
    [InlineData("aud", "\"another-client\"")]
    [InlineData("aud", "[\"xrm-test\", \"another-client\"]")]
    [InlineData("azp", "\"another-client\"")]
    [InlineData("exp", "1700000000")]
    [InlineData("exp", "null")]
    [InlineData("nbf", "33000000000")]
    [InlineData("sub", "\"\"")]
    public async Task A_token_that_is_not_for_us_and_now_is_refused(string claim, string value)
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        _provider.Claims = claims =>
        {
            claims.Remove(claim);
            if (value != "null") claims[claim] = JsonNode.Parse(value);
        };
        var browser = app.Browser();
        Assert.Equal((401, "provider_refused"), Failure(await SignInAsync(browser, "4711", Verified)));
        Assert.Equal(401, (await browser.GetAsync("/api/auth/me")).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256 with the client's secret")]
    [InlineData("HS256 with the public key")]
    [InlineData("another key")]
    [InlineData("signature cut off")]
    [InlineData("claims changed")]
    [InlineData("no token")]
    public async Task A_token_that_the_provider_has_not_signed_is_refused(string attack)
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        _provider.Sign = claims => Forge(attack, claims);
        Assert.Equal((401, "provider_refused"), Failure(await SignInAsync(app.Browser(), "4711", Verified)));
    }

    [Fact]
    public async Task An_answer_counts_once_in_the_browser_that_asked_and_with_its_state()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        var cookies = new CookieContainer();
        var browser = app.Browser(cookies);
        var answer = _provider.Authorise((await BeginAsync(browser))["url"]!, "4711", Verified);
        var secret = cookies.GetAllCookies().Single(cookie => cookie.Name == "xrm_provider").Value;
        // Login CSRF: the victim is sent to the attacker's answer.
        Assert.Equal((401, "provider_expired"), Failure(await FinishAsync(app.Browser(), answer)));
        // The victim has an errand of their own under way.
        var victim = app.Browser();
        await BeginAsync(victim);
        Assert.Equal((401, "provider_expired"), Failure(await FinishAsync(victim, answer)));
        Assert.Equal(200, (await FinishAsync(browser, answer)).Status);

        // Cookie, state and code are stolen and sent again.
        var thief = new CookieContainer();
        thief.Add(new Uri(browser.Http.BaseAddress!, "/api/auth"), new Cookie("xrm_provider", secret, "/api/auth"));
        Assert.Equal((401, "provider_expired"), Failure(await FinishAsync(app.Browser(thief), answer)));
    }

    [Fact]
    public async Task A_code_of_another_sign_in_is_not_ours()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        var stolen = _provider.Authorise((await BeginAsync(app.Browser()))["url"]!, "4711", Verified);
        var attacker = app.Browser();
        var own = _provider.Authorise((await BeginAsync(attacker))["url"]!, "666");
        Assert.Equal((401, "provider_refused"), Failure(await FinishAsync(attacker, (own.State, stolen.Code))));
        // One wrong state costs the errand.
        var other = app.Browser();
        var answer = _provider.Authorise((await BeginAsync(other))["url"]!, "4711", Verified);
        Assert.Equal((401, "provider_expired"), Failure(await FinishAsync(other, ("wrong", answer.Code))));
        Assert.Equal((401, "provider_expired"), Failure(await FinishAsync(other, answer)));
    }

    [Fact]
    public async Task A_provider_that_names_itself_must_do_so_rightly()
    {
        _provider.NamesItself = true;
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        foreach (var (issuer, expected) in new[] { ((string?)null, 401), ("https://evil.example.com", 401), (_provider.Url, 200) })
        {
            var browser = app.Browser();
            var (state, code) = _provider.Authorise((await BeginAsync(browser))["url"]!, "4711", Verified);
            Assert.Equal(expected, (await browser.PostAsync("/api/auth/providers/company/finish", new JsonObject { ["state"] = state, ["code"] = code, ["iss"] = issuer }.ToJsonString())).Status);
        }
    }

    [Theory]
    [InlineData("/contracts/contracts?view=all", "/contracts/contracts?view=all")]
    [InlineData("https://evil.example.com", "/")]
    [InlineData("//evil.example.com", "/")]
    [InlineData("/\\\\evil.example.com", "/")]
    [InlineData("/x\\ty", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task The_way_back_leads_into_this_application(string wanted, string given)
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        var browser = app.Browser();
        var begun = await browser.PostAsync("/api/auth/providers/company/begin", $$"""{ "returnTo": "{{wanted}}" }""");
        Assert.Equal(given, (await FinishAsync(browser, _provider.Authorise(begun["url"]!, "4711", Verified)))["returnTo"]);
    }

    [Fact]
    public async Task Linking_ends_with_the_session_that_began_it()
    {
        await using var app = await ServeAsync();
        await app.AddAsync("jo");
        await app.AddAsync("kim");
        var browser = await app.EnterAsync("jo");
        var begun = await browser.PostAsync("/api/auth/providers/company/link", $$"""{ "password": "{{People.Password}}" }""");
        await browser.SignInAsync("kim");
        Assert.Equal(401, (await FinishAsync(browser, _provider.Authorise(begun["url"]!, "4711"))).Status);
        Assert.Equal(0, await app.ExecuteAsync("delete from xrm.external_identity"));
    }

    [Fact]
    public async Task Whoever_is_deactivated_or_declines_gets_no_session()
    {
        await using var app = await ServeAsync(("CREATE_ACCOUNTS", "true"));
        Assert.Equal(200, (await SignInAsync(app.Browser(), "4711", Verified)).Status);
        await app.ExecuteAsync("update xrm.\"user\" set is_active = false");
        Assert.Equal((401, "sign_in_refused"), Failure(await SignInAsync(app.Browser(), "4711", Verified)));
        var browser = app.Browser();
        var (state, _) = _provider.Authorise((await BeginAsync(browser))["url"]!, "4712");
        Assert.Equal((401, "provider_declined"), Failure(await browser.PostAsync("/api/auth/providers/company/finish", $$"""{ "state": "{{state}}", "error": "access_denied" }""")));
    }

    [Fact]
    public async Task A_provider_that_names_itself_otherwise_or_lies_in_our_network_unasked_is_not_used()
    {
        await using var app = await ServeAsync(("PRIVATE", "false"));
        Assert.Equal((502, "provider_unavailable"), Failure(await BeginAsync(app.Browser())));
        _provider.Issuer = "https://login.example.com";
        await using var other = await ServeAsync();
        Assert.Equal((502, "provider_unavailable"), Failure(await BeginAsync(other.Browser())));
    }

    [Theory]
    [InlineData("AUTHORITY", "http://login.example.com")]
    [InlineData("AUTHORITY", "login.example.com")]
    [InlineData("CREATE_ACCOUNTS", "yes")]
    [InlineData("ROLES", "crm")]
    public void Settings_that_make_no_sense_are_told(string name, string value)
    {
        var settings = _provider.Settings().Where(each => each.Name != $"XRM_OIDC_COMPANY_{name}").Append(($"XRM_OIDC_COMPANY_{name}", value)).ToDictionary(each => each.Item1, each => (string?)each.Item2);
        var wrong = Assert.Throws<CommandFailedException>(() => ProviderSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Assert.StartsWith($"XRM_OIDC_COMPANY_{name} ", wrong.Message);
        Assert.DoesNotContain(_provider.ClientSecret, wrong.Message);
    }

    private Task<TestApplication> ServeAsync(params (string Name, string Value)[] settings) => People.ServeAsync(_provider.Settings(settings));

    private Task<Answer> SignInAsync(TestClient browser, string subject, string claims = "") => _provider.SignInAsync(browser, subject, claims);

    private string Forge(string attack, JsonObject claims)
    {
        var right = _provider.SignRightly(claims);
        const string shared = """{"alg":"HS256","typ":"JWT","kid":"first"}""";
        using var foreign = RSA.Create(2048);
        return attack switch
        {
            "none" => TestProvider.Compact("""{"alg":"none"}""", claims, _ => []),
            "HS256 with the client's secret" => TestProvider.Compact(shared, claims, data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(_provider.ClientSecret), data)),
            "HS256 with the public key" => TestProvider.Compact(shared, claims, data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_provider.Key.ExportSubjectPublicKeyInfoPem()), data)),
            "another key" => TestProvider.SignWith(foreign, "first", claims),
            "signature cut off" => right[..(right.LastIndexOf('.') + 1)],
            "claims changed" => $"{right.Split('.')[0]}.{_provider.SignRightly(new JsonObject { ["sub"] = "admin" }).Split('.')[1]}.{right.Split('.')[2]}",
            _ => "",
        };
    }

    private static System.Text.Json.JsonElement User(Answer arrival)
    {
        Assert.True(arrival.Status == 200, $"{arrival.Status} {arrival.Json}");
        return arrival.Json.GetProperty("session").GetProperty("user");
    }

    private static (int, string?) Failure(Answer answer) => (answer.Status, answer["code"]);

    private static async Task<(int, string)> FailureAsync(Task<Answer> answer) => ((await answer).Status, (await answer).Errors);
}
