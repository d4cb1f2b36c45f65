using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Server.Tests.Publish;

/// <summary>What the schedules of the delivered packages do when their time has come.</summary>
public sealed class DeliveredSchedulesTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "delivered schedules");
        _admin = await _app.ClientAsync();
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "metadata", "packages"));
        var packages = await Task.WhenAll(folders.Select(folder => PackageReader.ReadAsync(folder, CancellationToken.None)));
        var published = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body([.. packages.Select(WithoutRows)]));
        Assert.True(published.Status == 200, $"{published.Status} {published.Json}");
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Owners_and_borrowers_are_reminded_as_the_settings_say()
    {
        var (ada, bob) = (await UserAsync("ada"), await UserAsync("bob"));
        var account = await _admin.CreateAsync("accounts", """{ "name": "Acme" }""");
        var days = (await _admin.GetAsync("/api/data/contract_settings")).Json.GetProperty("value")[0];
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/contract_settings/{days.GetProperty("id").GetString()}", """{ "reminder_days": 20, "name": "Desk" }""")).Status);
        foreach (var (title, owner, left) in new[] { ("Soon", ada, 10), ("Sooner", ada, 5), ("Late", bob, 60) })
            await _admin.CreateAsync("contracts", $$"""{ "title": "{{title}}", "account_id": "{{account}}", "months": 12, "notice_months": 1, "starts_on": "{{Day(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(left).AddMonths(-11))}}", "owner_id": "{{owner}}", "owner_type": "user" }""");
        var asset = await _admin.CreateAsync("assets", $$"""{ "name": "Van", "category": "vehicle", "serial_number": "V-3", "location_id": "{{account}}", "location_type": "account" }""");
        // What leads there is no matter of this test.
        await ExecuteAsync("update org_main.contracts set status = 'active'");
        await ExecuteAsync("update org_main.assets set status = 'in_service'");
        Assert.Equal(200, (await _admin.PostAsync($"/api/data/assets/{asset}/check_out", $$"""{ "to": "{{bob}}" }""")).Status);
        await ExecuteAsync("update org_main.assets set back_by = current_date - 1");

        await RunAsync("contract_reminders");
        await RunAsync("asset_loans");

        Assert.Equal("ada@example.com: Contracts to decide on: 2; bob@example.com: Please bring back what you have borrowed", await MailsAsync(2));
    }

    private Task<string> UserAsync(string name) => _admin.CreateAsync("users", $$"""{ "name": "{{name}}", "email": "{{name}}@example.com" }""");

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static PackageFiles WithoutRows(PackageFiles package) =>
        new(package.Name, package.Content.Where(file => !file.Key.StartsWith("data/", StringComparison.Ordinal) && !file.Key.StartsWith("tests/", StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal));

    private async Task RunAsync(string schedule)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await ExecuteAsync($"update org_main._recurring_work set next_run_at = now() - interval '1 hour' where name = 'schedule:{schedule}'") == 0) await Task.Delay(50, limit.Token);
    }

    private async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await _app.Database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteAsync(sql);
    }

    private async Task<string> MailsAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var mails = (await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray().Select(mail => $"{mail.GetProperty("recipients")[0].GetString()}: {mail.GetProperty("subject").GetString()}").ToList();
            if (mails.Count >= count) return string.Join("; ", mails.Order(StringComparer.Ordinal));
            await Task.Delay(50, limit.Token);
        }
    }
}
