using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>A package of deals and what has to be done about them, with tests of its own.</summary>
internal static class TestedPackage
{
    /// <summary>The package.</summary>
    /// <param name="tests">Its tests, as JSON objects.</param>
    public static PackageFiles Files(params string[] tests) => new PackageBuilder("deals")
        .EntityWith("deal", """ "lifecycle": { "field": "status", "transitions": [ { "name": "win", "from": ["open"], "to": "won" } ] }, "ownership": "user" """,
            """{ "name": "status", "type": "choice", "default": "open", "options": [ { "value": "open" }, { "value": "won" } ] }""",
            """{ "name": "months", "type": "integer", "default": 12, "min": 1 }""",
            """{ "name": "weeks", "type": "integer", "formula": "months * 4" }""")
        .Entity("task", """{ "name": "deal", "type": "lookup", "target": "deal" }""")
        .Entity("user")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "deal": { "create": "organisation", "read": "organisation", "update": "own" } } }""")
        .File("workflows/celebration.json", """
            { "name": "celebration", "entity": "deal", "trigger": { "on": ["create", "update"], "fields": ["status"], "when": "status == 'won'" },
              "steps": [ { "name": "party", "type": "create", "entity": "task", "values": { "title": "Party" } } ] }
            """)
        .File("tests/deal.tests.json", $$"""{ "tests": [ {{string.Join(",\n", tests)}} ] }""")
        .Files();

    /// <summary>The body of a request that plans, tests or publishes packages.</summary>
    public static string Body(params PackageFiles[] packages) => JsonSerializer.Serialize(new
    {
        packages = packages.Select(package => new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) }),
    });
}
