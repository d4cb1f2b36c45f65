using Npgsql;

namespace Xrm.Server.Tests.Workflows;

/// <summary>A run whose last step waits for a lock that the test holds, when its server or its connection goes away.</summary>
public sealed class WorkflowCrashTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private string _order = "";
    private NpgsqlConnection _holder = null!;
    private NpgsqlConnection _watch = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "orders", OrdersPackage.Files());
        _admin = await _app.ClientAsync();
        _order = await _admin.CreateAsync("orders", """{ "title": "Crash" }""");
        _holder = new NpgsqlConnection(_app.Database.ConnectionString);
        await _holder.OpenAsync();
        // PostgreSQL shows a transaction the activity of others as it was when it first looked.
        _watch = new NpgsqlConnection(_app.Database.ConnectionString);
        await _watch.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _holder.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Run_goes_on_with_the_last_step_when_the_server_ends_between_two()
    {
        await using (await StartAndHoldAsync())
        {
            await Eventually.IsAsync(async () => await CountAsync(_holder, "select count(*) from org_main._workflow_run where position = '2'") == 1);
            await Eventually.IsAsync(async () => await CountAsync(_watch, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
            await _app.StopAsync();
            Assert.Equal(1, await CountAsync(_holder, "select count(*) from org_main._workflow_run where position = '2' and finished_at is null and attempts = 0"));
        }

        await _app.StartAgainAsync(worksInBackground: true);
        _admin = await _app.ClientAsync();
        await AssertSucceededOnceAsync();
        Assert.Equal("two", (await _admin.GetAsync($"/api/data/orders/{_order}"))["size"]);
    }

    [Fact]
    public async Task Run_goes_on_when_the_connection_of_a_step_breaks()
    {
        await using (await StartAndHoldAsync())
        {
            const string Ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
            await Eventually.IsAsync(async () => await CountAsync(_watch, Ended) > 0);
        }
        await AssertSucceededOnceAsync();
    }

    /// <summary>Starts the run and holds the order, which its last step changes, until the transaction ends.</summary>
    private async Task<NpgsqlTransaction> StartAndHoldAsync()
    {
        await _admin.PostAsync($"/api/data/orders/{_order}/slow_steps", "{}");
        var transaction = await _holder.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"select 1 from org_main.orders where id = '{_order}' for no key update", _holder, transaction);
        await hold.ExecuteScalarAsync();
        return transaction;
    }

    private async Task AssertSucceededOnceAsync()
    {
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, _order, "succeeded", "failed"));
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal(1, await CountAsync(_holder, "select count(*) from org_main.notes"));
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
