using System.Text.Json;
using Npgsql;
using Xrm.Metadata.Source;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Mails;

public sealed class MailTests : IAsyncLifetime
{
    private readonly SmtpServer _server = new();
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        var environment = new Dictionary<string, string?>
        {
            ["XRM_SMTP_HOST"] = "127.0.0.1",
            ["XRM_SMTP_PORT"] = $"{_server.Port}",
            ["XRM_SMTP_TLS"] = "false",
            ["XRM_SMTP_FROM"] = "crm@example.org",
        };
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Environment = environment }, "mails", Package());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Mail_of_a_workflow_arrives_with_all_its_letters()
    {
        await _admin.CreateAsync("notices", """{ "title": "Prüfung für 100 € – 東京 und noch viele Wörter mehr, damit die Zeile lang wird", "to": "ann@example.org; bob@example.org", "text": "Grüße\n.Punkt am Anfang\nEnde" }""");
        var mail = Assert.Single(await ArrivedAsync(1));
        Assert.Equal(("crm@example.org", "ann@example.org,bob@example.org"), (mail.From, string.Join(',', mail.Recipients)));
        Assert.Equal("Notice: Prüfung für 100 € – 東京 und noch viele Wörter mehr, damit die Zeile lang wird", mail["Subject"]);
        Assert.Equal("Text: Grüße\n.Punkt am Anfang\nEnde", mail.Body);
        Assert.Equal(("crm@example.org", "ann@example.org, bob@example.org"), (mail["From"], mail["To"]));
        Assert.All(mail.Headers, line => Assert.All(line, letter => Assert.InRange(letter, ' ', '~')));
        var stored = await StoredAsync("sent");
        Assert.Equal((stored.GetProperty("id").GetString(), 1), (mail["X-Xrm-Mail-Id"], stored.GetProperty("attempts").GetInt32()));
    }

    [Theory]
    [InlineData("451 Busy")]
    [InlineData("close")]
    public async Task Mail_is_tried_again_after_a_failure_that_may_pass(string mood)
    {
        _server.Next(mood);
        await _admin.CreateAsync("notices", """{ "title": "Again", "to": "ann@example.org" }""");
        Assert.Equal("Notice: Again", Assert.Single(await ArrivedAsync(1))["Subject"]);
        Assert.Equal(2, (await StoredAsync("sent")).GetProperty("attempts").GetInt32());
        Assert.Equal(2, _server.Connections);
    }

    [Fact]
    public async Task Mail_that_is_refused_for_good_is_not_tried_again()
    {
        _server.Refuse("nobody@example.org", "550 No such mailbox");
        await _admin.CreateAsync("notices", """{ "title": "Nobody", "to": "nobody@example.org" }""");
        var dead = await StoredAsync("dead");
        Assert.Equal(1, dead.GetProperty("attempts").GetInt32());
        Assert.Contains("No such mailbox", dead.GetProperty("lastError").GetString());
        Assert.Empty(_server.Mails);
    }

    [Fact]
    public async Task Mail_that_fails_for_long_enough_is_given_up()
    {
        _server.Next("451 Busy", "451 Busy");
        await _admin.CreateAsync("notices", """{ "title": "Busy", "to": "ann@example.org" }""");
        await Eventually.IsAsync(async () => (await StoredAsync("waiting")).GetProperty("attempts").GetInt32() == 1);
        // The hours of the pauses pass.
        await using var connection = new NpgsqlConnection(_app.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("update org_main._mail set attempts = 7, next_attempt_at = now()", connection);
        await command.ExecuteNonQueryAsync();
        Assert.Contains("Busy", (await StoredAsync("dead")).GetProperty("lastError").GetString());
        Assert.Empty(_server.Mails);
    }

    [Fact]
    public async Task Recipients_who_took_the_mail_do_not_get_it_again_when_another_is_tried_again()
    {
        _server.Refuse("slow@example.org", "450 Come back later");
        _server.Refuse("nobody@example.org", "550 No such mailbox");
        await _admin.CreateAsync("notices", """{ "title": "Three", "to": "ann@example.org, slow@example.org, nobody@example.org" }""");
        Assert.Equal(["ann@example.org"], Assert.Single(await ArrivedAsync(1)).Recipients);
        _server.Refuse("slow@example.org", null);
        Assert.Equal(["slow@example.org"], (await ArrivedAsync(2))[1].Recipients);
        await Eventually.IsAsync(async () => await StatesAsync() == "ann@example.org sent, nobody@example.org dead, slow@example.org sent");
        Assert.Equal(2, _server.Mails.Length);
    }

    [Theory]
    [InlineData("Hello\r\nBcc: evil@example.org", "ann@example.org")]
    [InlineData("Hello\nBcc: evil@example.org\n\nInjected", "ann@example.org")]
    [InlineData("Hello\rBcc: evil@example.org", "ann@example.org")]
    [InlineData("Hello Bcc: evil@example.org", "ann@example.org\r\nBcc: evil@example.org")]
    [InlineData("Hello Bcc: evil@example.org", "ann@example.org, \"x\r\nBcc: evil@example.org\" <bad@example.org>")]
    public async Task Value_with_line_breaks_adds_no_header_and_no_recipient(string title, string to)
    {
        await _admin.CreateAsync("notices", JsonSerializer.Serialize(new { title, to }));
        // Written later, so what came of the first is known when it arrives.
        await _admin.CreateAsync("notices", """{ "title": "Afterwards", "to": "last@example.org" }""");
        await Eventually.IsAsync(() => Task.FromResult(_server.Mails.Any(mail => mail["Subject"] == "Notice: Afterwards")));
        foreach (var mail in _server.Mails.Where(mail => mail["Subject"] != "Notice: Afterwards"))
        {
            Assert.Equal(["ann@example.org"], mail.Recipients);
            Assert.Null(mail["Bcc"]);
            Assert.StartsWith("Notice: Hello", mail["Subject"]);
            Assert.EndsWith("Bcc: evil@example.org", mail["Subject"]!.Replace(" Injected", "").TrimEnd());
            Assert.Equal("Text:", mail.Body.TrimEnd());
        }
    }

    private async Task<string> StatesAsync() => string.Join(", ", (await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray()
        .Select(mail => $"{string.Join('+', mail.GetProperty("recipients").EnumerateArray())} {mail.GetProperty("state").GetString()}").Order(StringComparer.Ordinal));

    private async Task<ReceivedMail[]> ArrivedAsync(int count) =>
        await Eventually.GetAsync(() => Task.FromResult(_server.Mails.Length >= count ? _server.Mails : null));

    private async Task<JsonElement> StoredAsync(string state)
    {
        var mails = await Eventually.GetAsync<JsonElement[]>(async () =>
        {
            JsonElement[] all = [.. (await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray()];
            return all.Length > 0 && all.All(mail => mail.GetProperty("state").GetString() == state) ? all : null;
        });
        return Assert.Single(mails);
    }

    private static PackageFiles Package() => new PackageBuilder("notices")
        .EntityJson("""
            { "name": "notice", "plural": "notices", "primary": "name", "fields": [ { "name": "name", "type": "text" },
                { "name": "title", "type": "multiline" }, { "name": "to", "type": "multiline" }, { "name": "text", "type": "multiline" } ] }
            """)
        .File("workflows/noticing.json", """
            { "name": "noticing", "entity": "notice", "trigger": { "on": ["create"] }, "steps": [
                { "name": "tell", "type": "email", "to": "to", "subject": "Notice: {{title}}", "body": "Text: {{text}}" } ] }
            """)
        .Files();
}
