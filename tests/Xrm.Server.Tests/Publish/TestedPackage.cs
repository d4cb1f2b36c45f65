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
        .EntityWith("deal", """
            "lifecycle": { "field": "status", "transitions": [ { "name": "win", "from": ["open"], "to": "won" } ] }, "ownership": "user",
            "rules": [ { "name": "telling", "on": ["create"], "when": "months > 24", "script": "deal.telling.js" },
                       { "name": "later", "on": ["create"], "timing": "after", "when": "months > 24", "script": "deal.telling.js" } ]
            """,
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
        .File("actions/extend.json", """{ "name": "extend", "entity": "deal", "script": "deal.extend.js", "parameters": [ { "name": "by", "type": "integer", "required": true }, { "name": "because", "type": "lookup", "target": "task" } ] }""")
        .File("rules/deal.extend.js", "record.months += parameters.by; if (parameters.because) warn('Because of ' + get('task', parameters.because).title + '.');")
        .File("rules/deal.telling.js", "warn('months', 'That is long.'); mail({ to: 'boss@example.com', subject: 'Long deal ' + record.title, body: 'It lasts ' + record.months + ' months.' });")
        .File("schedules/nightly.json", """{ "name": "nightly", "script": "deal.nightly.js", "at": "03:00" }""")
        .File("rules/deal.nightly.js", """
            const endless = query('deal', { where: { months: { gt: 99 } } });
            endless.forEach(function (deal) {
              if (deal.months > 999) fail(deal.title + ' is a mistake.');
              update('deal', deal.id, { months: 99 });
              mail({ to: 'boss@example.com', subject: 'Cut', body: deal.title });
            });
            const answer = http({ url: 'https://unknown.example.com/deals', method: 'POST', body: { cut: endless.length } });
            warn(answer.status + ': ' + JSON.parse(answer.body).message);
            """)
        .File("tests/deal.tests.json", $$"""{ "tests": [ {{string.Join(",\n", tests)}} ] }""")
        .Files();

    /// <summary>The body of a request that plans, tests or publishes packages.</summary>
    public static string Body(params PackageFiles[] packages) => JsonSerializer.Serialize(new
    {
        packages = packages.Select(package => new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) }),
    });
}
