using System.Diagnostics;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Workflows;

/// <summary>Orders of clients, with a workflow for each thing that workflows do.</summary>
internal static class OrdersPackage
{
    public static PackageFiles Files() => new PackageBuilder("orders")
        .EntityJson("""
            { "name": "client", "plural": "clients", "primary": "name", "fields": [
                { "name": "name", "type": "text" }, { "name": "email", "type": "email" } ] }
            """)
        .EntityJson("""
            { "name": "order", "plural": "orders", "primary": "title", "features": ["audit"], "fields": [
                { "name": "title", "type": "text" },
                { "name": "status", "type": "choice", "default": "open", "options": [ { "value": "open" }, { "value": "placed" }, { "value": "done" } ] },
                { "name": "client", "type": "lookup", "target": "client" },
                { "name": "amount", "type": "decimal", "precision": 18, "scale": 2 },
                { "name": "due_on", "type": "date" },
                { "name": "code", "type": "text" },
                { "name": "marks", "type": "tags" },
                { "name": "twice", "type": "decimal", "precision": 18, "scale": 2, "formula": "amount * 2" },
                { "name": "size", "type": "text" },
                { "name": "ping", "type": "integer" },
                { "name": "pong", "type": "integer" },
                { "name": "weeks", "type": "boolean" } ] }
            """)
        .EntityJson("""
            { "name": "note", "plural": "notes", "primary": "subject", "features": ["audit"], "fields": [
                { "name": "number", "type": "autonumber", "format": "N-{0000}" },
                { "name": "subject", "type": "text", "unique": true },
                { "name": "due_on", "type": "date" },
                { "name": "regarding", "type": "lookup", "targets": ["order", "client"] },
                { "name": "order", "type": "lookup", "target": "order" } ] }
            """)
        .Workflow("placing", """{ "on": ["create", "update"], "fields": ["status"], "when": "status == 'placed'" }""", """
            { "name": "big", "type": "condition", "when": "amount > 1000",
              "then": [ { "name": "large", "type": "set", "values": { "size": "large", "code": { "formula": "'L-' + title" } } } ],
              "else": [ { "name": "small", "type": "set", "values": { "size": "small" } } ] },
            { "name": "remind", "type": "create", "entity": "note",
              "values": { "subject": { "formula": "'Check ' + title" }, "due_on": { "formula": "due_on" }, "regarding": { "formula": "id" }, "order": { "formula": "id" } } },
            { "name": "tell", "type": "email", "to": "client.email", "subject": "Order {{title}}", "body": "{{#if weeks}}No.{{else}}Dear {{client.name}},{{/if}}{{#unless client.name}}No.{{/unless}}\nyour {{size}} order {{ title }} of {{amount}} is due on {{due_on}}." }
            """)
        .Workflow("waiting", """{ "on": ["button"], "when": "status == 'open'", "roles": ["clerk"] }""", """
            { "name": "pause", "type": "wait", "for": "PT1S" },
            { "name": "until", "type": "wait", "until": "due_on" },
            { "name": "after", "type": "set", "values": { "size": "waited" } }
            """)
        .Workflow("long_wait", """{ "on": ["button"] }""", """
            { "name": "pause", "type": "wait", "for": "P2W" },
            { "name": "after", "type": "set", "values": { "size": "too early" } }
            """)
        .Workflow("two_steps", """{ "on": ["button"] }""", """
            { "name": "first", "type": "create", "entity": "note", "values": { "subject": { "formula": "'First ' + title" }, "regarding": { "formula": "client" } } },
            { "name": "second", "type": "set", "values": { "size": "two" } }
            """)
        .Workflow("slow_steps", """{ "on": ["button"] }""", """
            { "name": "pause", "type": "wait", "for": "PT2S" },
            { "name": "first", "type": "create", "entity": "note", "values": { "subject": { "formula": "'First ' + title" } } },
            { "name": "second", "type": "set", "values": { "size": "two" } }
            """)
        .Workflow("pinging", """{ "on": ["update"], "fields": ["pong"] }""", """{ "name": "ping", "type": "set", "values": { "ping": { "formula": "pong + 1" } } }""")
        .Workflow("ponging", """{ "on": ["update"], "fields": ["ping"] }""", """{ "name": "pong", "type": "set", "values": { "pong": { "formula": "ping + 1" } } }""")
        .Workflow("deleting", """{ "on": ["delete"], "when": "status == 'done'" }""", """
            { "name": "big", "type": "condition", "when": "amount > 1000 && client.name == 'Ann' && marks.includes('x')",
              "then": [ { "name": "log", "type": "create", "entity": "note", "values": { "subject": { "formula": "'Deleted ' + title" }, "due_on": { "formula": "due_on" }, "regarding": { "formula": "client" } } } ] },
            { "name": "tell", "type": "email", "to": "client.email", "subject": "{{title}} is gone", "body": "{{client.name}} ({{client}}): {{twice}} on {{due_on}} at {{created_at}}" }
            """)
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .File("roles/guest.json", """{ "name": "guest", "entities": { "*": { "read": "organisation", "update": "organisation" } } }""")
        .Files();

    private static PackageBuilder Workflow(this PackageBuilder package, string name, string trigger, string steps) => package.File(
        $"workflows/{name}.json", $$"""{ "name": "{{name}}", "entity": "order", "trigger": {{trigger}}, "steps": [ {{steps}} ] }""");
}

/// <summary>A server that works in the background, with what tests of it need.</summary>
public sealed class OrdersApplication : IAsyncLifetime
{
    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "orders", OrdersPackage.Files());
        Admin = await App.ClientAsync();
    }

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    /// <summary>Runs of a record's workflows, once all have ended or wait.</summary>
    public static Task<System.Text.Json.JsonElement[]> RunsAsync(TestClient client, string record, params string[] states) => Eventually.GetAsync(async () =>
    {
        var answer = await client.GetAsync($"/api/administration/workflow-runs?record={record}");
        System.Text.Json.JsonElement[] runs = [.. answer.Json.EnumerateArray()];
        return runs.Length > 0 && runs.All(run => states.Contains(run.GetProperty("state").GetString())) ? runs : null;
    });
}

/// <summary>Waits for what happens in the background.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Asks until there is an answer; fails after a minute, which is long on a slow machine too.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask) where T : class
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            if (await ask() is { } answer) return answer;
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"What was waited for did not happen within {Patience.TotalSeconds:0} s.");
            await Task.Delay(50);
        }
    }

    /// <summary>Asks until it is so; fails after a minute.</summary>
    public static Task IsAsync(Func<Task<bool>> ask) => GetAsync(async () => await ask() ? "" : null);
}
