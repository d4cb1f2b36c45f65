using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Auditing;
using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Server.Commands;
using Xrm.Server.Features.Privacy;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Tests.Privacy;

/// <summary>What a person may ask for: to see all that is kept about them, and that it goes.</summary>
public sealed class PersonTests : IAsyncLifetime
{
    private const string Marker = "Zephyrine-Marker";
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private string _id = "";

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "people", PeoplePackage.Files());
        _admin = await _app.ClientAsync();
        var picture = await UploadAsync($"{Marker}.txt", $"picture of {Marker}");
        _id = await _admin.CreateAsync("persons", $$"""
            { "full_first": "Ada", "full_last": "{{Marker}}", "mail": "ada@{{Marker.ToLowerInvariant()}}.example", "health": "{{Marker}} is well", "nickname": "{{Marker}}", "picture": "{{picture}}", "pin": "{{Marker}}", "country": "Iceland" }
            """);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task An_export_has_all_that_leads_to_the_person_and_only_who_asked_can_fetch_it()
    {
        await AroundAsync();
        var job = await EndAsync(await _admin.PostAsync("/api/privacy/exports", Body()));
        Assert.Equal(("finished", "0"), (job["state"], job["failed"]));
        var answer = await _admin.Http.GetAsync($"/api/privacy/exports/{job["id"]}/file");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        foreach (var entity in new[] { "person", "consent", "deal", "part", "letter", "visit" }) Assert.Contains(names, name => name.StartsWith($"records/{entity}/", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("stone", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal));
        Assert.Equal($"picture of {Marker}", await ReadAsync(zip, names.Single(name => name.StartsWith("files/", StringComparison.Ordinal) && name.EndsWith($"{Marker}.txt", StringComparison.Ordinal))));
        var person = JsonDocument.Parse(await ReadAsync(zip, $"records/person/{_id}.json")).RootElement;
        Assert.Equal(Marker, person.GetProperty("values").GetProperty("full_last").GetString());
        Assert.Equal("create", person.GetProperty("history")[0].GetProperty("operation").GetString());
        Assert.DoesNotContain("\"pin\"", person.ToString(), StringComparison.Ordinal);
        var page = await ReadAsync(zip, "index.html");
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);

        var other = await _app.ClientAsync();
        Assert.Equal(404, (await other.GetAsync($"/api/privacy/exports/{job["id"]}/file")).Status);
        await ExecuteAsync("update org_main._job_file set expires_at = now() - interval '1 second'");
        Assert.Equal(404, (await _admin.GetAsync($"/api/privacy/exports/{job["id"]}/file")).Status);
        var told = (await _admin.GetAsync("/api/administration/audit?operation=person_export")).Json.GetProperty("value");
        Assert.Equal(2, told.GetArrayLength());
        Assert.DoesNotContain(Marker, told.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET", "/api/privacy/inventory")]
    [InlineData("POST", "/api/privacy/exports")]
    [InlineData("POST", "/api/privacy/erasures")]
    [InlineData("POST", "/api/privacy/erasures/preview")]
    public async Task Only_administrators_may_ask(string method, string path)
    {
        var clerk = await _app.ClientAsync("clerk");
        Assert.Equal(403, (await clerk.SendAsync(new HttpMethod(method), path, method == "GET" ? null : Body())).Status);
        Assert.Equal(401, (await _app.Browser().SendAsync(new HttpMethod(method), path, method == "GET" ? null : Body())).Status);
    }

    [Fact]
    public async Task Requests_about_nobody_are_refused()
    {
        Assert.Equal("entity not_a_person", (await _admin.PostAsync("/api/privacy/exports", $$"""{ "entity": "stone", "id": "{{_id}}" }""")).Errors);
        Assert.Equal("entity entity_unknown", (await _admin.PostAsync("/api/privacy/erasures", $$"""{ "entity": "persn", "id": "{{_id}}" }""")).Errors);
        Assert.Equal("id required", (await _admin.PostAsync("/api/privacy/erasures", """{ "entity": "person" }""")).Errors);
        Assert.Equal(404, (await _admin.PostAsync("/api/privacy/erasures/preview", $$"""{ "entity": "person", "id": "{{Guid.NewGuid()}}" }""")).Status);
    }

    [Fact]
    public async Task An_erasure_leaves_no_trace_in_the_whole_database_and_the_audit_is_still_proved()
    {
        await AroundAsync(isKept: false);
        await _admin.PatchAsync($"/api/data/persons/{_id}", $$"""{ "health": "{{Marker}} is ill", "country": "Norway" }""");
        await _admin.PatchAsync($"/api/data/persons/{_id}", """{ "country": "Sweden" }""");
        await _admin.SendAsync(HttpMethod.Post, "/api/data/persons", """{ "full_last": "Other", "nickname": "Other" }""", headers: [("Idempotency-Key", "other")]);
        await _admin.GetAsync($"/api/data/persons?$format=csv&$filter=mail eq 'ada@{Marker.ToLowerInvariant()}.example'");
        await ExecuteAsync($"insert into org_main._mail (id, recipients, subject, body, sent_at) values (gen_random_uuid(), array['ada@{Marker.ToLowerInvariant()}.example'], 'Hello', 'Dear Ada', now())");
        var bulk = await EndAsync(await _admin.PatchAsync($"/api/data/persons?$filter=nickname eq '{Marker}'", """{ "country": "Denmark" }"""));
        Assert.Equal("1", bulk["done"]);
        var letter = (await _admin.GetAsync("/api/data/letters")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        await _admin.DeleteAsync($"/api/data/letters/{letter}");
        await EndAsync(await _admin.PostAsync("/api/privacy/exports", Body()));
        await SealAsync();
        Assert.NotEmpty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, Marker));

        var job = await EndAsync(await _admin.PostAsync("/api/privacy/erasures", Body()));
        Assert.True(job["state"] == "finished" && job["failed"] == "0", job.Json.ToString());
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, Marker));

        var person = await _admin.GetAsync($"/api/data/persons/{_id}");
        Assert.Equal(("nobody", "Dear nobody", null, null, "Denmark"), (person["nickname"], person["greeting"], person["mail"], person["pin_changed_at"], person["country"]));
        Assert.Equal(0, (await _admin.GetAsync("/api/data/letters")).Json.GetProperty("value").GetArrayLength());
        // What says nothing of the person is still told.
        Assert.Contains("Sweden", (await _admin.GetAsync($"/api/data/persons/{_id}/history")).Json.ToString(), StringComparison.Ordinal);
        // What said something of the person says that it is gone, in the history, in what was then, and in the audit.
        var entries = (await _admin.GetAsync($"/api/data/persons/{_id}/history")).Json.GetProperty("value").EnumerateArray().ToList();
        var made = entries[^1];
        Assert.Equal(("create", true, 0), (made.GetProperty("operation").GetString(), made.GetProperty("valuesErased").GetBoolean(), made.GetProperty("changes").GetArrayLength()));
        Assert.All(entries, entry => Assert.NotEqual(entry.TryGetProperty("valuesErased", out _), entry.GetProperty("changes").GetArrayLength() > 0));
        Assert.True((await _admin.GetAsync($"/api/data/persons/{_id}/history/{made.GetProperty("id").GetString()}/state")).Json.GetProperty("valuesErased").GetBoolean());
        Assert.True((await _admin.GetAsync($"/api/administration/audit?record={_id}&operation=create")).Json.GetProperty("value")[0].GetProperty("valuesErased").GetBoolean());
        await SealAsync();
        var proof = await _app.Get<AuditVerifier>().VerifyAsync(null, (_, _) => { }, CancellationToken.None);
        Assert.True(proof.IsIntact, string.Join('\n', proof.Findings.Select(finding => finding.Message)));
        Assert.True(proof.Erased > 3);
        Assert.NotEqual(0, (await _admin.GetAsync("/api/administration/audit?operation=erasure")).Json.GetProperty("value").GetArrayLength());

        // Once more changes nothing.
        var again = await EndAsync(await _admin.PostAsync("/api/privacy/erasures", Body()));
        Assert.Equal(("finished", "0"), (again["state"], again["failed"]));
        Assert.Equal(person["version"], (await _admin.GetAsync($"/api/data/persons/{_id}"))["version"]);
    }

    [Fact]
    public async Task What_law_requires_stays_with_its_parts_and_goes_when_its_time_is_over()
    {
        await AroundAsync();
        var preview = (await _admin.PostAsync("/api/privacy/erasures/preview", Body())).Json;
        string Fates(string entity) => string.Join(',', preview.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("entity").GetString() == entity).Select(group => $"{group.GetProperty("fate").GetString()} {group.GetProperty("count")}"));
        Assert.Equal(("anonymise 1", "anonymise 1", "keep 1", "keep 1", "delete 1", "anonymise 1"), (Fates("person"), Fates("consent"), Fates("deal"), Fates("part"), Fates("letter"), Fates("visit")));
        var kept = preview.GetProperty("groups").EnumerateArray().First(group => group.GetProperty("entity").GetString() == "deal");
        Assert.Equal(("Tax law", TimeProvider.System.GetUtcNow().UtcDateTime.Year + 10), (kept.GetProperty("reason").GetString(), kept.GetProperty("until").GetDateTime().Year));
        Assert.Equal(Marker, (await _admin.GetAsync($"/api/data/persons/{_id}"))["nickname"]);

        await EndAsync(await _admin.PostAsync("/api/privacy/erasures", Body()));
        var deal = (await _admin.GetAsync("/api/data/deals")).Json.GetProperty("value")[0];
        Assert.Equal($"Deal of {Marker}", deal.GetProperty("title").GetString());
        Assert.Equal("nobody", (await _admin.GetAsync($"/api/data/persons/{_id}"))["nickname"]);

        await ExecuteAsync("update org_main.deals set closed_on = closed_on - interval '11 years'");
        Assert.Equal(1, await _app.Get<PrivacyUpkeep>().RunAsync(CancellationToken.None));
        Assert.Null((await _admin.GetAsync($"/api/data/deals/{deal.GetProperty("id").GetString()}"))["title"]);
        await SealAsync();
        Assert.True((await _app.Get<AuditVerifier>().VerifyAsync(null, (_, _) => { }, CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task Records_go_by_themselves_when_their_time_is_over()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var old = await _admin.CreateAsync("visits", $$"""{ "title": "Old", "about_id": "{{_id}}", "came_on": "{{today.AddDays(-40):yyyy-MM-dd}}", "remarks": "{{Marker}}" }""");
        var young = await _admin.CreateAsync("visits", $$"""{ "title": "New", "came_on": "{{today.AddDays(-3):yyyy-MM-dd}}", "remarks": "kept" }""");
        var letter = await _admin.CreateAsync("letters", $$"""{ "title": "Old letter", "sent_on": "{{today.AddDays(-400):yyyy-MM-dd}}" }""");
        Assert.Equal(2, await _app.Get<PrivacyUpkeep>().RunAsync(CancellationToken.None));
        Assert.Equal((null, "Old", "kept", 404), ((await _admin.GetAsync($"/api/data/visits/{old}"))["remarks"], (await _admin.GetAsync($"/api/data/visits/{old}"))["title"], (await _admin.GetAsync($"/api/data/visits/{young}"))["remarks"], (await _admin.GetAsync($"/api/data/letters/{letter}")).Status));
        Assert.Equal(0, await ScalarAsync($"select count(*) from org_main.letters where id = '{letter}'"));
        Assert.Equal(0, await _app.Get<PrivacyUpkeep>().RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_entry_emptied_without_an_erasure_is_seen_and_so_are_values_put_back()
    {
        await SealAsync();
        await ExecuteAsync($"update org_main._audit set erased = sha256(convert_to(salt::text || changes, 'UTF8')), changes = null, salt = null where record_id = '{_id}'");
        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal(AuditFinding.EntryChanged, finding.Kind);
        var other = await _admin.CreateAsync("persons", """{ "full_last": "Second", "nickname": "Second" }""");
        await SealAsync();
        await EndAsync(await _admin.PostAsync("/api/privacy/erasures", Body(other)));
        Assert.Single((await VerifyAsync()).Findings);
        await ExecuteAsync($"update org_main._audit set changes = '{{\"nickname\":[null,\"Forged\"]}}' where record_id = '{other}' and operation = 'create'");
        Assert.Equal(2, (await VerifyAsync()).Findings.Length);
    }

    [Fact]
    public async Task Entries_from_before_there_was_a_salt_can_be_emptied_too()
    {
        await ExecuteAsync("update org_main._audit set salt = null");
        await SealAsync();
        Assert.True((await VerifyAsync()).IsIntact);
        await EndAsync(await _admin.PostAsync("/api/privacy/erasures", Body()));
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, Marker));
        await SealAsync();
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task Replaced_keys_are_followed_by_a_job_that_encrypts_all_secrets_anew()
    {
        var others = new List<string>();
        for (var number = 0; number < 3; number++) others.Add(await _admin.CreateAsync("persons", $$"""{ "full_last": "P{{number}}", "nickname": "P", "pin": "pin {{number}}" }"""));
        var (protection, secrets) = (_app.Get<SecretProtection>(), _app.Get<RecordSecrets>());
        var (_, waiting) = await KeysCommand.RotateAsync(protection, secrets, (_app.Database, _app.Get<JobStore>(), _app.Get<AuditLog>(), TimeProvider.System), CancellationToken.None);
        Assert.Equal(4, waiting);
        var job = (await _admin.GetAsync("/api/jobs")).Json.EnumerateArray().Single(one => one.GetProperty("kind").GetString() == "reencrypt");
        await EndAsync(job.GetProperty("id").GetString()!);
        Assert.Equal(0, await secrets.CountOthersAsync(protection.CurrentKey, CancellationToken.None));
        Assert.Equal("pin 2", (await _admin.PostAsync($"/api/data/persons/{others[2]}/reveal?field=pin", "{}"))["value"]);
    }

    [Fact]
    public async Task The_inventory_names_every_personal_field_with_its_purpose()
    {
        var items = (await _admin.GetAsync("/api/privacy/inventory")).Json.GetProperty("value").EnumerateArray().ToList();
        var mail = items.Single(item => item.GetProperty("field").GetString() == "mail");
        Assert.Equal(("person", "To write to them", "consent", "id", "anonymise"), (mail.GetProperty("entity").GetString(), mail.GetProperty("purpose").GetString(), mail.GetProperty("basis").GetString(), mail.GetProperty("subject").GetString(), mail.GetProperty("erasure").GetString()));
        Assert.True(items.Single(item => item.GetProperty("field").GetString() == "health").GetProperty("isSensitive").GetBoolean());
        Assert.Equal("Tax law", items.Single(item => item.GetProperty("entity").GetString() == "deal").GetProperty("keepReason").GetString());
        Assert.DoesNotContain(items, item => item.GetProperty("field").GetString() == "country");
        var csv = await _admin.Http.GetAsync("/api/privacy/inventory?format=csv");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal(items.Count + 1, (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private async Task AroundAsync(bool isKept = true)
    {
        await _admin.CreateAsync("consents", $$"""{ "title": "News", "who_id": "{{_id}}", "proof": "Signed by {{Marker}}" }""");
        var closed = isKept ? TimeProvider.System.GetUtcNow().UtcDateTime : TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(-11);
        await _admin.CreateAsync("deals", $$"""{ "title": "Deal of {{Marker}}", "buyer_id": "{{_id}}", "closed_on": "{{closed:yyyy-MM-dd}}", "parts": [ { "title": "Part for {{Marker}}" } ] }""");
        var scan = await UploadAsync("letter.txt", $"Dear {Marker}");
        await _admin.CreateAsync("letters", $$"""{ "title": "Letter to {{Marker}}", "about_id": "{{_id}}", "scan": "{{scan}}" }""");
        await _admin.CreateAsync("visits", $$"""{ "title": "<script>alert(1)</script>", "about_id": "{{_id}}", "remarks": "{{Marker}} came late" }""");
        await _admin.CreateAsync("stones", """{ "title": "Granite" }""");
    }

    private string Body(string? id = null) => $$"""{ "entity": "person", "id": "{{id ?? _id}}" }""";

    private async Task<Answer> EndAsync(Answer accepted)
    {
        Assert.True(accepted.Status == 202, $"{accepted.Status} {accepted.Json}");
        return await EndAsync(accepted["id"]!);
    }

    private async Task<Answer> EndAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        for (; ; )
        {
            var job = await _admin.GetAsync($"/api/jobs/{id}");
            if (job["finishedAt"] is not null) return job;
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<string> UploadAsync(string name, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        var answer = await _admin.Http.PostAsync($"/api/files?name={name}", content);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<string> ReadAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private Task<long> SealAsync() => _app.Get<AuditSealer>().SealAsync(CancellationToken.None);

    private Task<AuditReport> VerifyAsync() => _app.Get<AuditVerifier>().VerifyAsync(null, (_, _) => { }, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_app.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_app.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
