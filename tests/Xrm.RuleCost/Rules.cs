using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.TestKit;

namespace Xrm.RuleCost;

/// <summary>The rules that are measured, on a contract with fifteen fields.</summary>
internal static class Rules
{
    private const string TenStatements = """
        const ladder = [{ months: 60, percent: 15 }, { months: 36, percent: 10 }, { months: 24, percent: 5 }];
        var earned = 0;
        for (var i = 0; i < ladder.length && earned === 0; i++) {
          if (record.months >= ladder[i].months) earned = ladder[i].percent;
        }
        record.discount = earned;
        var net = record.value * (100 - earned) / 100;
        if (net > 100000 && !record.reviewed) record.reviewed = false;
        record.total = net + record.fee;
        record.hint = (previous ? 'changed' : 'new') + ' by ' + user.name;
        """;

    /// <summary>The rules with the names to print.</summary>
    public static IEnumerable<(string Name, Script Script)> All() =>
    [
        ("nothing", Of("record.months;")),
        ("ten statements", Of(TenStatements)),
        ("ten statements and newer built-ins", Of(TenStatements + " if (record.title.startsWith('X')) record.title = 'x';")),
        ("a loop of 1,000 turns", Of("var n = 0; for (var i = 0; i < 1000; i++) n += i; record.months = n;")),
    ];

    /// <summary>A save of a contract.</summary>
    public static ScriptCall Call(int run) => new(
        new Dictionary<string, object?>
        {
            ["id"] = Guid.Empty,
            ["title"] = "Contract",
            ["months"] = 36L,
            ["value"] = 1234.5m + run,
            ["fee"] = 9.99m,
            ["discount"] = 0m,
            ["total"] = null,
            ["reviewed"] = false,
            ["hint"] = null,
            ["starts_on"] = new DateOnly(2026, 1, 31),
            ["a"] = "text",
            ["b"] = "text",
            ["c"] = 1L,
            ["d"] = null,
            ["e"] = null,
        },
        null, new ScriptUser(Guid.Empty, "ada", "Ada", ["sales"]), new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc), new NoHost());

    private static Script Of(string script) => new PackageBuilder()
        .EntityJson("""
            { "name": "contract", "plural": "contracts", "primary": "title",
              "fields": [ { "name": "title", "type": "text" }, { "name": "months", "type": "integer" }, { "name": "value", "type": "decimal", "precision": 18, "scale": 2 },
                { "name": "fee", "type": "decimal", "precision": 18, "scale": 2 }, { "name": "discount", "type": "decimal" }, { "name": "total", "type": "decimal", "precision": 18, "scale": 2 },
                { "name": "reviewed", "type": "boolean" }, { "name": "hint", "type": "text" }, { "name": "starts_on", "type": "date" },
                { "name": "a", "type": "text" }, { "name": "b", "type": "text" }, { "name": "c", "type": "integer" }, { "name": "d", "type": "text" }, { "name": "e", "type": "text" } ],
              "rules": [ { "name": "measured", "on": ["create", "update"], "script": "contract.measured.js" } ] }
            """)
        .File("rules/contract.measured.js", script).Model().FindEntity("contract")!.Rules[0].Script!;
}
