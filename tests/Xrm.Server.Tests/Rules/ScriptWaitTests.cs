using Dapper;

namespace Xrm.Server.Tests.Rules;

/// <summary>Scripts that want a record which somebody else holds for longer than they may run.</summary>
public sealed class ScriptWaitTests : IAsyncLifetime
{
    private TestApplication _app = null!;

    public async Task InitializeAsync() => _app = await TestApplication.StartAsync(new TestSettings { ScriptTime = TimeSpan.FromSeconds(3) }, "scripts", ScriptPackage.Files());

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Whoever_waits_reads_which_record_somebody_else_is_changing()
    {
        var (admin, seller, waiter) = (await _app.ClientAsync(), await _app.ClientAsync("seller"), await _app.ClientAsync("waiter"));
        var client = await admin.CreateAsync("clients", """{ "name": "Held" }""");
        await using var connection = await _app.Database.OpenAsync(CancellationToken.None);
        await using var holding = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select 1 from org_main.clients where id = @id for update", new { id = Guid.Parse(client) }, holding);

        var answers = await Task.WhenAll(
            admin.PostAsync("/api/data/orders", Order("update", client)),
            seller.PostAsync("/api/data/orders", Order("lock", client)),
            // Who may not read the record is not told its name.
            waiter.PostAsync("/api/actions/waiting", $$"""{ "client": "{{client}}" }"""));

        Assert.Equal(
            [
                """503 record_busy The Client "Held" is being changed by somebody else just now. Try again in a few seconds.""",
                """503 record_busy The Client "Held" is being changed by somebody else just now. Try again in a few seconds.""",
                "503 record_busy The Client is being changed by somebody else just now. Try again in a few seconds.",
            ],
            answers.Select(answer => $"{answer.Status} {answer["code"]} {answer["detail"]}"));
    }

    private static string Order(string what, string client) => $$"""{ "title": "Order", "what": "{{what}}", "client_id": "{{client}}" }""";
}
