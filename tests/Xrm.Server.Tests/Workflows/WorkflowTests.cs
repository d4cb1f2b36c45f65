using System.Text.Json;
using Npgsql;

namespace Xrm.Server.Tests.Workflows;

public sealed class WorkflowTests(OrdersApplication orders) : IClassFixture<OrdersApplication>
{
    private readonly TestClient _admin = orders.Admin;

    [Theory]
    [InlineData(2500, "large", "L-Desk")]
    [InlineData(10, "small", null)]
    public async Task Change_takes_one_branch_then_creates_a_record_and_writes_a_mail(int amount, string size, string? code)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var client = await _admin.CreateAsync("clients", $$"""{ "name": "Ann & Co", "email": "{{email}}" }""");
        var title = code is null ? $"Lamp {email[..4]}" : "Desk";
        var id = await _admin.CreateAsync("orders", $$"""{ "title": "{{title}}", "client_id": "{{client}}", "amount": {{amount}}, "due_on": "2031-02-03" }""");
        Assert.Equal("[]", (await _admin.GetAsync($"/api/administration/workflow-runs?record={id}")).Json.ToString());
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/orders/{id}", """{ "status": "placed" }""")).Status);
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed"));
        Assert.Equal(("placing", "succeeded", null), (Text(run, "workflow"), Text(run, "state"), Text(run, "lastError")));

        var order = await _admin.GetAsync($"/api/data/orders/{id}");
        Assert.Equal((size, code), (order["size"], order["code"]));
        var note = Assert.Single(await NotesAsync($"Check {title}"));
        Assert.Equal((id, "order", id, "2031-02-03"), (Text(note, "regarding_id"), Text(note, "regarding_type"), Text(note, "order_id"), Text(note, "due_on")));
        var mails = await _admin.GetAsync("/api/administration/mails");
        var mail = Assert.Single(mails.Json.EnumerateArray(), mail => mail.GetProperty("recipients")[0].GetString() == email);
        Assert.Equal(("waiting", $"Order {title}"), (Text(mail, "state"), Text(mail, "subject")));
        Assert.Equal($"Dear Ann & Co,\nyour {size} order {title} of {amount}.00 is due on 2031-02-03.", Text(mail, "body"));
    }

    [Fact]
    public async Task Other_fields_and_other_values_start_nothing()
    {
        var id = await _admin.CreateAsync("orders", """{ "title": "Quiet" }""");
        await _admin.PatchAsync($"/api/data/orders/{id}", """{ "amount": 5 }""");
        await _admin.PatchAsync($"/api/data/orders/{id}", """{ "status": "done" }""");
        Assert.Equal("[]", (await _admin.GetAsync($"/api/administration/workflow-runs?record={id}")).Json.ToString());
    }

    [Fact]
    public async Task Button_starts_a_run_that_goes_on_after_its_waits()
    {
        var clerk = await orders.App.ClientAsync("clerk");
        var id = await clerk.CreateAsync("orders", """{ "title": "Later", "due_on": "2020-01-01" }""");
        var started = await clerk.PostAsync($"/api/data/orders/{id}/waiting", "{}");
        Assert.Equal(202, started.Status);
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "waiting"));
        Assert.Equal((started["runId"], clerk.UserId.ToString()), (Text(run, "id"), Text(run, "startedBy")));
        run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed"));
        Assert.Equal(("succeeded", "waited"), (Text(run, "state"), (await clerk.GetAsync($"/api/data/orders/{id}"))["size"]));
    }

    [Fact]
    public async Task Wait_takes_weeks_and_can_be_cancelled()
    {
        var id = await _admin.CreateAsync("orders", """{ "title": "Weeks" }""");
        var runId = (await _admin.PostAsync($"/api/data/orders/{id}/long_wait", "{}"))["runId"];
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "waiting", "failed"));
        Assert.InRange(run.GetProperty("nextAttemptAt").GetDateTime() - TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromDays(13.9), TimeSpan.FromDays(14));
        Assert.Equal(204, (await _admin.PostAsync($"/api/administration/workflow-runs/{runId}/cancel", "")).Status);
        Assert.Equal(404, (await _admin.PostAsync($"/api/administration/workflow-runs/{runId}/cancel", "")).Status);
    }

    [Fact]
    public async Task Button_asks_for_role_state_and_name()
    {
        var (guest, clerk) = (await orders.App.ClientAsync("guest"), await orders.App.ClientAsync("clerk"));
        var id = await clerk.CreateAsync("orders", """{ "title": "Closed", "status": "done" }""");
        Assert.Equal((403, "forbidden"), await PressAsync(guest, id, "waiting"));
        Assert.Equal((409, "action_not_offered"), await PressAsync(clerk, id, "waiting"));
        Assert.Equal((404, "action_unknown"), await PressAsync(clerk, id, "placing"));
        Assert.Equal((404, "record_not_found"), await PressAsync(clerk, Guid.NewGuid().ToString(), "waiting"));
        Assert.Equal(403, (await clerk.GetAsync("/api/administration/workflow-runs")).Status);
    }

    [Fact]
    public async Task Failed_step_leaves_nothing_behind_and_its_run_can_be_resumed()
    {
        var title = $"Twice {Guid.NewGuid():N}";
        var taken = await _admin.CreateAsync("notes", $$"""{ "subject": "First {{title}}" }""");
        var id = await _admin.CreateAsync("orders", $$"""{ "title": "{{title}}" }""");
        var before = await TracesAsync();
        var runId = (await _admin.PostAsync($"/api/data/orders/{id}/two_steps", "{}"))["runId"];
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed"));
        Assert.Equal(("failed", "0"), (Text(run, "state"), Text(run, "position")));
        Assert.StartsWith("$.steps[0]: ", Text(run, "lastError"));
        Assert.Equal(before, await TracesAsync());

        await _admin.DeleteAsync($"/api/data/notes/{taken}");
        Assert.Equal(204, (await _admin.PostAsync($"/api/administration/workflow-runs/{runId}/resume", "")).Status);
        run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed"));
        Assert.Equal("succeeded", Text(run, "state"));
        Assert.Null(Text(Assert.Single(await NotesAsync($"First {title}")), "regarding_id"));
        Assert.Equal(404, (await _admin.PostAsync($"/api/administration/workflow-runs/{runId}/resume", "")).Status);
    }

    [Fact]
    public async Task Workflows_that_start_each_other_come_to_an_end()
    {
        var id = await _admin.CreateAsync("orders", """{ "title": "Table tennis" }""");
        await _admin.PatchAsync($"/api/data/orders/{id}", """{ "ping": 1 }""");
        await Eventually.IsAsync(async () => (await OrdersApplication.RunsAsync(_admin, id, "running", "succeeded", "failed")).Length == 12);
        var runs = await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed");
        var cut = Assert.Single(runs, run => run.GetProperty("state").GetString() == "failed");
        Assert.Equal("Workflows and scripts lead to each other: pinging → ponging → pinging. More than 10 ran one after the other; this one was not started. Give one of them a condition.", cut.GetProperty("lastError").GetString());
    }

    [Fact]
    public async Task Run_ends_when_its_record_is_gone()
    {
        var id = await _admin.CreateAsync("orders", """{ "title": "Gone", "due_on": "2020-01-01" }""");
        var clerk = await orders.App.ClientAsync("clerk");
        await clerk.PostAsync($"/api/data/orders/{id}/waiting", "{}");
        await _admin.DeleteAsync($"/api/data/orders/{id}");
        Assert.Equal("cancelled", Text(Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed", "cancelled")), "state"));
    }

    [Fact]
    public async Task Run_that_a_deletion_starts_reads_the_record_as_it_was()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var client = await _admin.CreateAsync("clients", $$"""{ "name": "Ann", "email": "{{email}}" }""");
        var title = $"Old {email[..8]}";
        var id = await _admin.CreateAsync("orders", $$"""{ "title": "{{title}}", "client_id": "{{client}}", "amount": 1500, "due_on": "2031-02-03", "status": "done", "marks": ["w", "x"] }""");
        var createdAt = (await _admin.GetAsync($"/api/data/orders/{id}")).Json.GetProperty("created_at").GetDateTime();
        Assert.Equal(204, (await _admin.DeleteAsync($"/api/data/orders/{id}")).Status);
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed", "cancelled"));
        Assert.Equal(("succeeded", null), (Text(run, "state"), Text(run, "lastError")));

        var note = Assert.Single(await NotesAsync($"Deleted {title}"));
        Assert.Equal((client, "client", "2031-02-03"), (Text(note, "regarding_id"), Text(note, "regarding_type"), Text(note, "due_on")));
        var mail = Assert.Single((await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray(), mail => mail.GetProperty("recipients")[0].GetString() == email);
        Assert.Equal(($"{title} is gone", $"Ann ({client}): 3000.00 on 2031-02-03 at {createdAt:yyyy-MM-dd HH:mm} UTC"), (Text(mail, "subject"), Text(mail, "body")));
        await using var connection = new NpgsqlConnection(orders.App.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from org_main._workflow_run where record_id = '{id}' and deleted_record is not null", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    private static async Task<(int, string?)> PressAsync(TestClient client, string id, string button)
    {
        var answer = await client.PostAsync($"/api/data/orders/{id}/{button}", "{}");
        return (answer.Status, answer["code"]);
    }

    private async Task<JsonElement[]> NotesAsync(string subject) =>
        [.. (await _admin.GetAsync($"/api/data/notes?$filter=subject eq '{subject}'")).Json.GetProperty("value").EnumerateArray()];

    private static string? Text(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    /// <summary>What a save of a note leaves in the engine's tables.</summary>
    private async Task<string> TracesAsync()
    {
        await using var connection = new NpgsqlConnection(orders.App.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            select concat((select count(*) from org_main.notes), ' ', (select count(*) from org_main._audit where entity = 'note'), ' ',
                          (select count(*) from org_main._outbox where entity = 'note'), ' ', (select max(last) from org_main._number_series where entity = 'note'))
            """, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
