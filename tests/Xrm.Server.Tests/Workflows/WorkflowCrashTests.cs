using Npgsql;

namespace Xrm.Server.Tests.Workflows;

public sealed class WorkflowCrashTests
{
    [Fact]
    public async Task Run_goes_on_with_the_last_step_when_the_server_ends_between_two()
    {
        await using var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "orders", OrdersPackage.Files());
        var admin = await app.ClientAsync();
        var id = await admin.CreateAsync("orders", """{ "title": "Crash" }""");
        await using var connection = new NpgsqlConnection(app.Database.ConnectionString);
        await connection.OpenAsync();
        // PostgreSQL shows a transaction the activity of others as it was when it first looked.
        await using var watch = new NpgsqlConnection(app.Database.ConnectionString);
        await watch.OpenAsync();
        await admin.PostAsync($"/api/data/orders/{id}/slow_steps", "{}");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // The last step changes the order: it has to wait for us.
            await using (var hold = new NpgsqlCommand($"select 1 from org_main.orders where id = '{id}' for no key update", connection, transaction)) await hold.ExecuteScalarAsync();
            await Eventually.IsAsync(async () => await CountAsync(connection, "select count(*) from org_main._workflow_run where position = '2'") == 1);
            await Eventually.IsAsync(async () => await CountAsync(watch, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
            await app.StopAsync();
            Assert.Equal(1, await CountAsync(connection, "select count(*) from org_main._workflow_run where position = '2' and finished_at is null and attempts = 0"));
        }

        await app.StartAgainAsync(worksInBackground: true);
        admin = await app.ClientAsync();
        var run = Assert.Single(await OrdersApplication.RunsAsync(admin, id, "succeeded", "failed"));
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal(1, await CountAsync(connection, "select count(*) from org_main.notes"));
        Assert.Equal("two", (await admin.GetAsync($"/api/data/orders/{id}"))["size"]);
    }

    [Fact]
    public async Task Run_goes_on_when_the_connection_of_a_step_breaks()
    {
        await using var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "orders", OrdersPackage.Files());
        var admin = await app.ClientAsync();
        var id = await admin.CreateAsync("orders", """{ "title": "Broken" }""");
        await using var connection = new NpgsqlConnection(app.Database.ConnectionString);
        await connection.OpenAsync();
        // PostgreSQL shows a transaction the activity of others as it was when it first looked.
        await using var watch = new NpgsqlConnection(app.Database.ConnectionString);
        await watch.OpenAsync();
        await admin.PostAsync($"/api/data/orders/{id}/slow_steps", "{}");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand($"select 1 from org_main.orders where id = '{id}' for no key update", connection, transaction)) await hold.ExecuteScalarAsync();
            const string Ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
            await Eventually.IsAsync(async () => await CountAsync(watch, Ended) > 0);
        }
        var run = Assert.Single(await OrdersApplication.RunsAsync(admin, id, "succeeded", "failed"));
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal(1, await CountAsync(connection, "select count(*) from org_main.notes"));
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
