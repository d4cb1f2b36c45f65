using Dapper;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>Requests that were planned for the model before the last publish, and reach the tables behind it.</summary>
public sealed class ChangedModelTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("overtaken", new PackageBuilder("overtaken").Entity("note").Files());
        _admin = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_column_that_a_publish_took_away_meanwhile_is_no_defect()
    {
        var id = await _admin.CreateAsync("notes", """{ "title": "one" }""");
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync("alter table org_main.notes drop column title");
        foreach (var answer in new[] { await _admin.GetAsync($"/api/data/notes/{id}"), await _admin.GetAsync("/api/data/notes"), await _admin.PatchAsync($"/api/data/notes/{id}", """{ "title": "two" }"""), await _admin.PostAsync("/api/data/notes", """{ "title": "three" }""") })
        {
            Assert.Equal((503, "model_changed"), (answer.Status, answer["code"]));
            Assert.NotNull(answer.Message.Headers.RetryAfter);
        }
    }
}
