using Xrm.TestKit;

namespace Xrm.Scripting.Tests;

public sealed class ScriptEngineTests : IDisposable
{
    // How long scripts wait is not for a busy machine to decide; of processor time they have what they always have.
    private readonly ScriptEngine _engine = new(new ScriptLimits { WaitingTime = TimeSpan.FromMinutes(1) });

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
    [InlineData("record.title = translate('greeting', 'Hello {0}!', user.name) + translate('none', ' {1}{0}', 1, 'b')", "title", "Hallo Ada! b1")]
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

    [Theory]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("0.1 + 0.2 === 0.3 && 1.1 * 1.1 === 1.21 && 0.3 - 0.1 == 0.2", "true")]
    [InlineData("1 / 3 * 3 === 1", "false")]
    [InlineData("1 / 3", "0.3333333333333333333333333333")]
    [InlineData("record.amount + 0.01", "1234567890123456.79")]
    [InlineData("record.amount * 2 - record.amount === record.amount", "true")]
    [InlineData("record.amount > 1234567890123456.5 && !(record.amount < 1234567890123456.77) && record.amount != 5", "true")]
    [InlineData("record.amount == '1234567890123456.78' && record.amount !== '1234567890123456.78'", "true")]
    [InlineData("typeof record.amount + typeof record + typeof fail + typeof nobody + typeof null + typeof 'x' + typeof (1 > 2)", "numberobjectfunctionundefinedobjectstringboolean")]
    [InlineData("-record.amount", "-1234567890123456.78")]
    [InlineData("+record.amount + 1", "1234567890123457.78")]
    [InlineData("record.count + 1", "9007199254740994")]
    [InlineData("record.count % 10", "3")]
    [InlineData("record.count++ + '/' + record.count", "9007199254740993/9007199254740994")]
    [InlineData("--record.count", "9007199254740992")]
    [InlineData("var n = '5'; n++; n += 1; n -= '2'; n *= 1.1", "5.5")]
    [InlineData("var o = { list: [1] }; function f() { return o; } f().list[0] += 0.2; f().list[0]++; o.list[0]", "2.2")]
    [InlineData("[3, record.amount, 2].sort(function (a, b) { return a - b; }).indexOf(3)", "1")]
    [InlineData("(1.005).toFixed(2) + ' ' + record.amount.toFixed(1) + ' ' + (2.5).toFixed(0) + ' ' + (-1.005).toFixed(2)", "1.01 1234567890123456.8 3 -1.01")]
    [InlineData("Math.round(record.amount) + ' ' + Math.floor(record.amount) + ' ' + Math.max(1, record.amount) + ' ' + Math.min(record.amount, 2, '1') + ' ' + Math.abs(-record.amount)", "1234567890123457 1234567890123456 1234567890123456.78 1 1234567890123456.78")]
    [InlineData("Math.round(1.005 * 100) / 100", "1.01")]
    [InlineData("JSON.stringify({ a: record.amount, b: [record.count] })", "{\"a\":1234567890123456.78,\"b\":[9007199254740993]}")]
    [InlineData("'x '.concat(record.amount)", "x 1234567890123456.78")]
    [InlineData("1e300 * 10 + ' ' + 1e-300 * 10 + ' ' + 1 / 0 + ' ' + 0 / 0 + ' ' + -5 % 3 + ' ' + 7.5 % 2 + ' ' + 5 % 0", "1e+301 1e-299 Infinity NaN -2 1.5 NaN")]
    [InlineData("79228162514264337593543950335 * 2 > 79228162514264337593543950335", "true")]
    [InlineData("null + 1 + true + ' ' + (undefined + 1) + ' ' + [1, 2] + {} + ' ' + ('10' > '9') + ('10' > 9) + (null >= 0) + (undefined == null) + (NaN == NaN)", "2 NaN 1,2[object Object] falsetruetruetruefalse")]
    [InlineData("record.amount || 'nothing'", "1234567890123456.78")]
    [InlineData("!(record.amount - record.amount)", "true")]
    public async Task Numbers_are_exact_decimals(string expression, string text)
    {
        var outcome = await RunAsync($"record.title = String({Last(expression)});", new() { ["amount"] = 1234567890123456.78m, ["count"] = 9007199254740993L });
        Assert.Equal(text, outcome.Changes["title"]);
    }

    [Theory]
    [InlineData("record.amount += 0.01", "amount", "1234567890123456.79")]
    [InlineData("record.count += 2", "count", "9007199254740995")]
    [InlineData("record.extra = record.amount", "extra", "1234567890123456.78")]
    [InlineData("record.title = record.amount", "title", "1234567890123456.78")]
    public async Task Exact_values_are_stored_exactly(string script, string column, string text)
    {
        var outcome = await RunAsync(script, new() { ["amount"] = 1234567890123456.78m, ["count"] = 9007199254740993L });
        Assert.Equal(text, Text(outcome.Changes[column]));
    }

    [Theory]
    [InlineData("record.amount = 1 / 0", "record.amount must be a number; it is infinite, as after a division by zero.")]
    [InlineData("record.count = 0 / 0", "record.count must be a number; it is NaN, no number, as after a division by zero.")]
    [InlineData("record.count = 1e25", "record.count must be a smaller number.")]
    public async Task What_is_no_number_is_named(string script, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<ScriptException>(() => RunAsync(script))).Message);

    private static string Last(string expression) => expression.LastIndexOf("; ", StringComparison.Ordinal) is var cut and > 0 && !expression.StartsWith('[')
        ? $"(function () {{ {expression[..cut]}; return {expression[(cut + 2)..]}; }})()" : $"({expression})";

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
    [InlineData("record.tilte = 'x'", 1, "rule_value")]
    [InlineData("record.count = 1.5", 1, "rule_value")]
    [InlineData("record.double = 1", 1, "rule_value")]
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
        return Request.RunAsync(_engine, RuleOn.Invoice(script), new ScriptCall(record, null, user, new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc), new NoHost()));
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
