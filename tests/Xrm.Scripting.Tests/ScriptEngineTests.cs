namespace Xrm.Scripting.Tests;

public sealed class ScriptEngineTests : IDisposable
{
    private readonly ScriptEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("record.title = 'A' + record.count", "title", "A7")]
    [InlineData("record.amount = 0.1 + 0.2", "amount", "0.3")]
    [InlineData("record.amount = 1.005 * 100", "amount", "100.5")]
    [InlineData("record.amount = 2.345", "amount", "2.35")]
    [InlineData("record.count = record.count + 1", "count", "8")]
    [InlineData("record.paid = !record.paid", "paid", "True")]
    [InlineData("record.due = addMonths(record.due, 1)", "due", "2026-02-28")]
    [InlineData("record.sent_at = now", "sent_at", "2026-11-22T10:00:00.0000000Z")]
    [InlineData("record.title = today", "title", "2026-11-22")]
    [InlineData("record.title = user.name + '/' + user.roles.join('+')", "title", "Ada/sales+legal")]
    [InlineData("record.title = String(daysBetween('2026-01-01', '2026-02-01'))", "title", "31")]
    [InlineData("record.title = ['a', 'b'].includes('b') && 'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.includes('b') ? 'yes' : 'no'", "title", "yes")]
    [InlineData("record.title = 'ab'.repeat(2) + '7'.padStart(3, '0') + Object.values({ a: 1, b: 2 }).join('') + Object.entries({ a: 1 })[0][0]", "title", "abab00712a")]
    [InlineData("record.title = 'a-b-c'.replace(/-(.)/g, function (all, letter) { return letter.toUpperCase(); })", "title", "aBC")]
    [InlineData("record.title = 'a.b.c'.replace(/\\./g, '$&$&') + 'x'.replace('x', 'y')", "title", "a..b..cy")]
    [InlineData("record.title = JSON.stringify(JSON.parse('{\"a\":[1,\"x\",null,true]}'))", "title", "{\"a\":[1,\"x\",null,true]}")]
    [InlineData("let n = 0; for (var key in [1, 2]) n++; record.count = n", "count", "2")]
    [InlineData("if (record.count) return; record.title = 'never'", "title", null)]
    [InlineData("record.title = ''", "title", "")]
    [InlineData("record.extra.a.push(3)", "extra", "{\"a\":[1,2,3]}")]
    [InlineData("record.title = [3, 1, 2].sort(function (a, b) { return a - b; }).map(function (x) { return x * 2; }).join()", "title", "2,4,6")]
    public async Task Scripts_change_the_record(string script, string column, string? expected)
    {
        var outcome = await RunAsync(script);
        if (expected is null) Assert.Empty(outcome.Changes);
        else Assert.Equal(expected, Text(Assert.Contains(column, outcome.Changes)));
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task Values_that_no_script_touches_stay_exact()
    {
        var outcome = await RunAsync("record.title = 'x'", new() { ["amount"] = 1234567890123456.78m, ["count"] = long.MaxValue, ["extra"] = """{ "b": 1.10 }""" });
        Assert.Equal(["title"], outcome.Changes.Keys);
    }

    [Fact]
    public async Task A_refusal_names_the_field_and_changes_nothing()
    {
        var outcome = await RunAsync("fail('due', 'Too late.'); fail('No.'); record.title = 'x'; record.due.no.such.thing");
        Assert.Equal(["due: Too late.", ": No."], outcome.Failures.Select(failure => $"{failure.Field?.Name}: {failure.Message}"));
        Assert.Empty(outcome.Changes);
    }

    [Theory]
    [InlineData("var a = 1;\nrecord.title = missing;", 2, "rule_error")]
    [InlineData("var a = 1;\n\nthrow new Error('Stop.');", 3, "rule_error")]
    [InlineData("record.tilte = 'x'", 0, "rule_value")]
    [InlineData("record.count = 1.5", 0, "rule_value")]
    [InlineData("record.double = 1", 0, "rule_value")]
    [InlineData("leaked = 1", 1, "rule_error")]
    [InlineData("var a = {\n  b:\n};", 3, "rule_syntax")]
    [InlineData("var f = (x) => x;", 1, "rule_syntax")]
    public async Task Errors_name_rule_and_line(string script, int line, string code)
    {
        var error = await Assert.ThrowsAsync<ScriptException>(() => RunAsync(script));
        Assert.Equal((code, line), (error.Code, error.Line));
        Assert.Contains("invoice.tested", error.Message);
    }

    [Fact]
    public async Task Syntax_errors_are_found_without_running()
    {
        var problem = await _engine.CheckAsync(RuleOn.Invoice("var a = 1;\nif ("), CancellationToken.None);
        Assert.Equal(("rule_syntax", "rules/invoice.tested.js", 3), (problem!.Code, problem.Location.File, problem.Location.Line));
        Assert.Null(await _engine.CheckAsync(RuleOn.Invoice("while (true) {}"), CancellationToken.None));
    }

    internal Task<ScriptOutcome> RunAsync(string script, Dictionary<string, object?>? values = null)
    {
        var record = new Dictionary<string, object?>
        {
            ["title"] = "Invoice",
            ["amount"] = 12.5m,
            ["count"] = 7L,
            ["paid"] = false,
            ["due"] = new DateOnly(2026, 1, 31),
            ["sent_at"] = null,
            ["labels"] = new[] { "a", "b" },
            ["extra"] = """{"a":[1,2]}""",
            ["account_id"] = null,
            ["double"] = 25m,
        };
        foreach (var (name, value) in values ?? []) record[name] = value;
        var user = new ScriptUser(Guid.NewGuid(), "ada", "Ada", ["sales", "legal"]);
        return _engine.RunAsync(RuleOn.Invoice(script), new ScriptCall(record, null, user, new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc)), CancellationToken.None);
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        decimal number => number.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd"),
        DateTime time => time.ToString("O"),
        _ => value.ToString()!,
    };
}
