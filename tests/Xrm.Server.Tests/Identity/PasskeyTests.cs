using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Xrm.Server.Tests.Identity;

public sealed class PasskeyTests
{
    [Fact]
    public async Task A_passkey_signs_in_without_a_name_and_is_listed_named_and_removed()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (owner, device) = (await app.EnterAsync("jo"), new Device());
        Assert.Equal(204, (await device.RegisterAsync(owner)).Status);
        var visitor = app.Browser();
        var entered = await device.SignInAsync(visitor);
        Assert.True(entered.Status == 200, $"{entered.Status} {entered.Json}");
        Assert.Equal("jo", entered.Json.GetProperty("user").GetProperty("userName").GetString());
        var row = (await owner.GetAsync("/api/auth/passkeys")).Json.EnumerateArray().Single();
        Assert.True(row.TryGetProperty("lastUsedAt", out _));
        var path = $"/api/auth/passkeys/{row.GetProperty("id").GetString()}";
        Assert.Equal(204, (await owner.PatchAsync(path, """{ "name": "Phone" }""")).Status);
        Assert.Equal("Phone", (await owner.GetAsync("/api/auth/passkeys")).Json.EnumerateArray().Single().GetProperty("name").GetString());
        Assert.Equal(204, (await owner.DeleteAsync(path)).Status);
        Assert.Equal(401, (await device.SignInAsync(app.Browser())).Status);
    }

    [Fact]
    public async Task The_audit_tells_of_a_passkey_and_the_owner_is_told_when_it_comes_and_goes()
    {
        await using var app = await People.ServeAsync();
        var jo = await app.AddAsync("jo", email: "jo@example.com");
        await app.AddAsync("root", isAdministrator: true);
        var owner = await app.EnterAsync("jo");
        await new Device().RegisterAsync(owner);
        var row = (await owner.GetAsync("/api/auth/passkeys")).Json.EnumerateArray().Single();
        var (path, first) = ($"/api/auth/passkeys/{row.GetProperty("id").GetString()}", row.GetProperty("name").GetString());
        for (var named = 0; named < 2; named++) Assert.Equal(204, (await owner.PatchAsync(path, """{ "name": "Phone" }""")).Status);
        Assert.Equal(204, (await owner.DeleteAsync(path)).Status);
        var told = (await (await app.EnterAsync("root")).GetAsync("/api/administration/audit?operation=passkey_added,passkey_renamed,passkey_removed")).Json.GetProperty("value").EnumerateArray().Reverse().ToList();
        Assert.Equal(["passkey_added", "passkey_renamed", "passkey_removed"], told.Select(entry => entry.GetProperty("operation").GetString()));
        Assert.All(told, entry => Assert.Equal(jo, entry.GetProperty("userId").GetGuid()));
        Assert.Equal((first, first, "Phone", "Phone"), (Detail(0, "name"), Detail(1, "before"), Detail(1, "after"), Detail(2, "name")));
        var mails = await app.MailsAsync("jo@example.com");
        Assert.Equal(2, mails.Length);
        Assert.Contains($"A passkey was added to your account: {first}", mails[0], StringComparison.Ordinal);
        Assert.Contains("A passkey was removed from your account: Phone", mails[1], StringComparison.Ordinal);

        string? Detail(int at, string name) => told[at].GetProperty("details").GetProperty(name).GetString();
    }

    [Fact]
    public async Task Registering_a_passkey_asks_for_the_password()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        Assert.Equal(400, (await (await app.EnterAsync("jo")).PostAsync("/api/auth/passkeys/challenge", """{ "password": "wrong" }""")).Status);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("challenge")]
    [InlineData("signature")]
    [InlineData("unverified")]
    [InlineData("site")]
    public async Task An_answer_that_does_not_fit_signs_nobody_in(string spoilt)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (owner, device) = (await app.EnterAsync("jo"), new Device());
        await device.RegisterAsync(owner);
        Assert.Equal((401, "passkey_unknown"), await device.SignInAsync(app.Browser(), spoilt) is var answer ? (answer.Status, answer["code"]) : default);
        Assert.Equal(200, (await device.SignInAsync(app.Browser())).Status);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("challenge")]
    [InlineData("unverified")]
    [InlineData("site")]
    public async Task A_registration_that_does_not_fit_is_refused(string spoilt)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var owner = await app.EnterAsync("jo");
        Assert.Equal(400, (await new Device().RegisterAsync(owner, spoilt)).Status);
        Assert.Empty((await owner.GetAsync("/api/auth/passkeys")).Json.EnumerateArray());
    }

    [Fact]
    public async Task An_answer_works_once_and_in_the_browser_that_asked_alone()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (owner, device) = (await app.EnterAsync("jo"), new Device());
        await device.RegisterAsync(owner);
        var cookies = new System.Net.CookieContainer();
        var visitor = app.Browser(cookies);
        var challenge = await visitor.PostAsync("/api/auth/passkey-sign-in/challenge", "{}");
        var body = device.Assert(challenge.Json, visitor.Http.BaseAddress!, null);
        Assert.Equal(401, (await app.Browser().PostAsync("/api/auth/passkey-sign-in", body)).Status);
        var kept = cookies.GetAllCookies().Single(cookie => cookie.Name == "xrm_challenge");
        Assert.Equal(200, (await visitor.PostAsync("/api/auth/passkey-sign-in", body)).Status);
        var again = new System.Net.CookieContainer();
        again.Add(visitor.Http.BaseAddress!, new System.Net.Cookie(kept.Name, kept.Value, "/api/auth"));
        Assert.Equal(401, (await app.Browser(again).PostAsync("/api/auth/passkey-sign-in", body)).Status);
    }

    [Fact]
    public async Task A_passkey_of_somebody_else_cannot_be_taken_over()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        await app.AddAsync("mallory");
        var device = new Device();
        await device.RegisterAsync(await app.EnterAsync("jo"));
        Assert.Equal(400, (await device.RegisterAsync(await app.EnterAsync("mallory"))).Status);
        Assert.Equal("jo", (await device.SignInAsync(app.Browser())).Json.GetProperty("user").GetProperty("userName").GetString());
    }

    [Fact]
    public async Task A_passkey_is_the_second_factor_that_is_demanded()
    {
        await using var app = await People.ServeAsync(("XRM_SECOND_FACTOR", "everybody"));
        await app.AddAsync("jo", roles: "writer");
        var (owner, device) = (await app.EnterAsync("jo"), new Device());
        Assert.Equal(403, (await owner.GetAsync("/api/data/notes")).Status);
        await device.RegisterAsync(owner);
        Assert.Equal(200, (await owner.GetAsync("/api/data/notes")).Status);
        var visitor = app.Browser();
        Assert.Equal("passkey", (await visitor.SignInAsync("jo")).Json.GetProperty("secondStep").GetProperty("methods")[0].GetString());
        Assert.Equal(200, (await device.SignInAsync(visitor)).Status);
        Assert.Equal(200, (await visitor.GetAsync("/api/data/notes")).Status);
    }

    [Fact]
    public async Task A_passkey_of_somebody_who_is_deactivated_opens_nothing()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo");
        var device = new Device();
        await device.RegisterAsync(await app.EnterAsync("jo"));
        await (await app.ClientAsync()).PatchAsync($"/api/administration/users/{id}", """{ "isActive": false }""");
        Assert.Equal(401, (await device.SignInAsync(app.Browser())).Status);
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var (owner, first, second) = (await app.EnterAsync("jo"), new Device(), new Device());
        Assert.Equal((204, 204), ((await first.RegisterAsync(owner)).Status, (await second.RegisterAsync(owner)).Status));
        // As for somebody whom a provider has vouched for, and whose link with it is gone.
        await app.ExecuteAsync("update xrm.\"user\" set password_hash = null where user_name = 'jo'");
        var paths = (await owner.GetAsync("/api/auth/passkeys")).Json.EnumerateArray().Select(row => $"/api/auth/passkeys/{row.GetProperty("id").GetString()}").ToArray();
        Assert.Equal(204, (await owner.DeleteAsync(paths[0])).Status);
        Assert.Equal((409, "last_way_in"), await owner.DeleteAsync(paths[1]) is var refused ? (refused.Status, refused["code"]) : default);
        Assert.Equal(404, (await owner.DeleteAsync(paths[0])).Status);
        Assert.Equal(200, (await second.SignInAsync(app.Browser())).Status);
        await app.ExecuteAsync("insert into xrm.external_identity (id, user_id, issuer, subject, name) select gen_random_uuid(), id, 'https://login.example.com', '4711', 'jo' from xrm.\"user\" where user_name = 'jo'");
        Assert.Equal(204, (await owner.DeleteAsync(paths[1])).Status);
    }

    /// <summary>An authenticator with one key, which does as a test tells it.</summary>
    private sealed class Device
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
        private string? _user;
        private uint _count;

        public async Task<Answer> RegisterAsync(TestClient owner, string? spoilt = null)
        {
            var options = await owner.PostAsync("/api/auth/passkeys/challenge", $$"""{ "password": "{{People.Password}}" }""");
            Xunit.Assert.Equal(200, options.Status);
            var point = _key.ExportParameters(false).Q;
            byte[] key = [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
            byte[] data = [.. Data(options.Json.GetProperty("rp").GetProperty("id").GetString()!, 0x41, spoilt), .. new byte[16], 0, 32, .. _id, .. key];
            byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
            var answer = await owner.PostAsync("/api/auth/passkeys", JsonSerializer.Serialize(new
            {
                name = "Key",
                credential = Credential(new { clientDataJSON = Text(Client("webauthn.create", options.Json, owner.Http.BaseAddress!, spoilt)), attestationObject = Text(attestation), transports = new[] { "internal" } }),
            }));
            if (answer.Status == 204) _user = options.Json.GetProperty("user").GetProperty("id").GetString();
            return answer;
        }

        public async Task<Answer> SignInAsync(TestClient visitor, string? spoilt = null)
        {
            var options = await visitor.PostAsync("/api/auth/passkey-sign-in/challenge", "{}");
            Xunit.Assert.Equal(200, options.Status);
            return await visitor.PostAsync("/api/auth/passkey-sign-in", Assert(options.Json, visitor.Http.BaseAddress!, spoilt));
        }

        public string Assert(JsonElement options, Uri server, string? spoilt)
        {
            _count++;
            var client = Client("webauthn.get", options, server, spoilt);
            var data = Data(options.GetProperty("rpId").GetString()!, 0x01, spoilt);
            var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            if (spoilt == "signature") signature[^1] ^= 1;
            return JsonSerializer.Serialize(new { credential = Credential(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = _user }) });
        }

        private object Credential(object response) => new { id = Text(_id), rawId = Text(_id), type = "public-key", clientExtensionResults = new { }, response };

        private byte[] Data(string site, int flags, string? spoilt) =>
            [.. SHA256.HashData(Encoding.UTF8.GetBytes(spoilt == "site" ? "evil.example" : site)), (byte)(spoilt == "unverified" ? flags : flags | 4), (byte)(_count >> 24), (byte)(_count >> 16), (byte)(_count >> 8), (byte)_count];

        private static byte[] Client(string type, JsonElement options, Uri server, string? spoilt) => JsonSerializer.SerializeToUtf8Bytes(new
        {
            type,
            challenge = spoilt == "challenge" ? Text(RandomNumberGenerator.GetBytes(32)) : options.GetProperty("challenge").GetString(),
            origin = spoilt == "origin" ? "https://evil.example" : server.GetLeftPart(UriPartial.Authority),
            crossOrigin = false,
        });

        private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
    }
}
