using System.Runtime.Loader;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.Server.Plugins;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Plugins;

/// <summary>A server with the sample plugin.</summary>
public sealed class SampleApplication : IAsyncLifetime
{
    private readonly PluginFolder _folder = new();

    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    /// <summary>Where the plugin writes what it saw.</summary>
    public string Seen { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Seen = Directory.CreateDirectory(Path.Combine(_folder.Root, "seen")).FullName;
        _folder.Install("tests/plugins/sample", "sample");
        // Others that are broken, each in its way, beside the one that works.
        _folder.Install("tests/plugins/sample", "a-refusing");
        _folder.Install("tests/plugins/sample", "twin");
        File.Delete(Path.Combine(_folder.Install("tests/plugins/sample", "z-incomplete"), "Xrm.SampleLibrary.dll"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins", "garbage")).FullName, "manifest.json"), """{ "assembly": "garbage.dll" }""");
        File.WriteAllText(Path.Combine(_folder.Root, "plugins", "garbage", "garbage.dll"), "not an assembly");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins", "nameless")).FullName, "manifest.json"), "{}");
        _folder.Configure(JsonSerializer.Serialize(new Dictionary<string, object> { ["sample"] = new { folder = Seen }, ["a-refusing"] = new { broken = "yes" }, ["twin"] = new { folder = Seen }, ["z-incomplete"] = new { folder = Seen } }));
        App = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Folder = _folder.Root }, "plugins", Package());
        Admin = await App.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Dispose();
    }

    private static PackageFiles Package() => new PackageBuilder("orders")
        .EntityJson("""
            { "name": "order", "plural": "orders", "primary": "title", "fields": [
                { "name": "title", "type": "text" },
                { "name": "code", "type": "text", "maxLength": 50 },
                { "name": "shout", "type": "text", "formula": "code + '!'" },
                { "name": "amount", "type": "decimal", "precision": 18, "scale": 2 },
                { "name": "double", "type": "decimal", "precision": 18, "scale": 2, "formula": "amount * 2" },
                { "name": "dry", "type": "boolean" } ] }
            """)
        .File("workflows/stamping.json", """
            { "name": "stamping", "entity": "order", "trigger": { "on": ["button"] }, "steps": [
                { "name": "stamp", "type": "stamp", "values": { "text": "Paid", "copies": 2, "total": { "formula": "amount * 3" }, "refused": { "formula": "dry" } } },
                { "name": "after", "type": "set", "values": { "amount": 7 } } ] }
            """)
        .Files();
}

public sealed class PluginTests(SampleApplication sample) : IClassFixture<SampleApplication>
{
    private readonly TestClient _admin = sample.Admin;

    [Fact]
    public async Task Step_before_a_save_changes_values_that_formulas_then_use()
    {
        var created = await _admin.PostAsync("/api/data/orders", """{ "title": "chair" }""");
        Assert.Equal((201, "CHAI", "CHAI!"), (created.Status, created["code"], created["shout"]));
        var changed = await _admin.PatchAsync($"/api/data/orders/{created["id"]}", """{ "title": "table" }""");
        Assert.Equal((200, "TABL", "TABL!"), (changed.Status, changed["code"], changed["shout"]));
    }

    [Fact]
    public async Task Steps_refuse_a_save_before_and_after_with_their_messages()
    {
        var before = await _admin.PostAsync("/api/data/orders", """{ "title": "refused" }""");
        Assert.Equal((400, "title plugin_refused"), (before.Status, before.Errors));
        Assert.Equal("Nothing is called so.", before.Json.GetProperty("errors")[0].GetProperty("message").GetString());

        var id = await _admin.CreateAsync("orders", """{ "title": "after" }""");
        var after = await _admin.PatchAsync($"/api/data/orders/{id}", """{ "amount": 13 }""");
        Assert.Equal((400, "- plugin_refused"), (after.Status, after.Errors));
        Assert.Null((await _admin.GetAsync($"/api/data/orders/{id}"))["amount"]);
    }

    [Theory]
    [InlineData("unknown", "plugin_value", "set colour of order", "there is no such column")]
    [InlineData("computed", "plugin_value", "set double of order", "it is computed")]
    [InlineData("int", "plugin_value", "set amount of order", "Int32")]
    [InlineData("text", "plugin_value", "set amount of order", "number")]
    [InlineData("long", "plugin_value", "set code of order", "50")]
    public async Task Wrong_value_of_a_plugin_is_told_with_its_name_and_column(string title, string code, string place, string why)
    {
        var answer = await _admin.PostAsync("/api/data/orders", $$"""{ "title": "{{title}}" }""");
        Assert.Equal((422, code), (answer.Status, answer["code"]));
        Assert.StartsWith($"The plugin sample {place}", answer["detail"]);
        Assert.Contains(why, answer["detail"]);
    }

    [Theory]
    [InlineData("thrown")]
    [InlineData("late")]
    public async Task Exception_of_a_step_rejects_the_save_names_the_plugin_and_tells_nothing_else(string title)
    {
        using var response = await _admin.Http.PostAsync(new Uri("/api/data/orders", UriKind.Relative), new StringContent($$"""{ "title": "{{title}}" }""", System.Text.Encoding.UTF8, "application/json"));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((500, "plugin_error", "The plugin sample failed."), ((int)response.StatusCode, body.GetProperty("code").GetString(), body.GetProperty("detail").GetString()));
        Assert.Equal(201, (await _admin.PostAsync("/api/data/orders", """{ "title": "still here" }""")).Status);
    }

    [Fact]
    public async Task Workflow_takes_the_step_of_a_plugin_and_tries_again_after_its_failure()
    {
        var id = await _admin.CreateAsync("orders", """{ "title": "stamped", "amount": 2, "dry": true }""");
        await _admin.PostAsync($"/api/data/orders/{id}/stamping", "{}");
        var failed = await Eventually.GetAsync(async () =>
            (await OrdersApplication.RunsAsync(_admin, id, "running", "succeeded")).SingleOrDefault(run => run.GetProperty("attempts").GetInt32() == 1) is { ValueKind: JsonValueKind.Object } run ? run.ToString() : null);
        Assert.Contains("$.steps[0]: The plugin's step 'stamp' failed: The stamp is dry.", failed);
        var run = Assert.Single(await OrdersApplication.RunsAsync(_admin, id, "succeeded", "failed"));
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        using var seen = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sample.Seen, $"{id}.json")));
        var root = seen.RootElement;
        Assert.Equal(($"{Guid.Parse(run.GetProperty("id").GetString()!):N}:0", "stamping", "order"),
            (root.GetProperty("StepId").GetString(), root.GetProperty("Workflow").GetString(), root.GetProperty("Entity").GetString()));
        Assert.Equal(("Paid", "2", "6.00", "True"), (Value(root, "text"), Value(root, "copies"), Value(root, "total"), Value(root, "refused")));
        Assert.Equal("7.00", (await _admin.GetAsync($"/api/data/orders/{id}"))["amount"]);
    }

    [Fact]
    public async Task Jobs_run_again_and_again_and_one_that_fails_holds_up_nobody()
    {
        await Eventually.IsAsync(() => Task.FromResult(Lines("ticks") > 2 && Lines("failures") > 2));
        Assert.Equal(200, (await _admin.GetAsync("/readyz")).Status);
    }

    [Fact]
    public void Broken_plugins_are_left_out_and_named()
    {
        var host = sample.App.Get<PluginHost>();
        Assert.Equal("sample", Assert.Single(host.Plugins).Name);
        Assert.Collection(host.Failures,
            failure => Assert.Equal("The plugin 'a-refusing' cannot be used: 'broken' is yes.", failure),
            failure => Assert.StartsWith("The plugin 'garbage' cannot be used: ", failure),
            failure => Assert.Equal("The plugin 'nameless' cannot be used: its manifest.json does not name an \"assembly\".", failure),
            failure => Assert.Equal("The plugin 'twin' cannot be used: the plugin 'sample' has a workflow action 'stamp' already.", failure),
            failure => Assert.StartsWith("The plugin 'z-incomplete' cannot be used: Could not load file or assembly 'Xrm.SampleLibrary,", failure));
    }

    [Fact]
    public void Plugin_has_a_load_context_of_its_own_and_shares_the_contract()
    {
        var step = Assert.Single(sample.App.Get<PluginHost>().BeforeSave).Step;
        var context = AssemblyLoadContext.GetLoadContext(step.GetType().Assembly);
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == "Xrm.SampleLibrary");
    }

    private static string? Value(JsonElement root, string name) => root.GetProperty("Values").GetProperty(name).GetString();

    private int Lines(string file) => File.Exists(Path.Combine(sample.Seen, file)) ? File.ReadAllLines(Path.Combine(sample.Seen, file)).Length : 0;
}
