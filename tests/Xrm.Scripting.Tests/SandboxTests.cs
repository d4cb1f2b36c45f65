using Xrm.TestKit;

namespace Xrm.Scripting.Tests;

public sealed class SandboxTests : IDisposable
{
    private readonly ScriptEngineTests _scripts = new();

    public void Dispose() => _scripts.Dispose();

    [Theory]
    [InlineData("while (true) ;", "rule_time_limit|rule_statement_limit")]
    [InlineData("for (;;) {}", "rule_time_limit|rule_statement_limit")]
    [InlineData("try { while (true) {} } catch (e) {}", "rule_time_limit|rule_statement_limit")]
    [InlineData("try { while (true) {} } finally { while (true) {} }", "rule_time_limit|rule_statement_limit")]
    [InlineData("function f() { return f(); } f();", "rule_recursion_limit")]
    [InlineData("function make(n) { return function () { return make(n + 1)(); }; } make(0)();", "rule_recursion_limit|rule_statement_limit|rule_time_limit")]
    [InlineData("var o = {}; o.toString = function () { return '' + o; }; '' + o;", "rule_recursion_limit|rule_time_limit")]
    [InlineData("var o = {}; o.valueOf = function () { return o * 1; }; o * 1;", "rule_recursion_limit|rule_time_limit")]
    [InlineData("var s = 'x'; while (true) s = s + s;", "rule_memory_limit")]
    [InlineData("var s = 'x'; while (true) s += s;", "rule_memory_limit")]
    [InlineData("var o = { s: 'x' }; while (true) o.s += o.s;", "rule_memory_limit")]
    [InlineData("var s = 'x'; while (true) s = [s, s].join(s);", "rule_memory_limit")]
    [InlineData("var s = 'x'; while (true) s = s.concat(s);", "rule_memory_limit")]
    [InlineData("var s = 'xx'; while (true) s = s.replace(/x/g, s);", "rule_memory_limit")]
    [InlineData("var s = 'x'; while (true) s = s.replace('x', '$&$&x');", "rule_memory_limit|rule_statement_limit|rule_time_limit")]
    [InlineData("'x'.repeat(1e9)", "rule_memory_limit|rule_statement_limit|rule_time_limit")]
    [InlineData("'x'.padStart(1e9)", "rule_memory_limit|rule_statement_limit|rule_time_limit")]
    [InlineData("var s = 'x'; while (true) s = JSON.stringify([s, s]);", "rule_memory_limit")]
    [InlineData("var s = 'x'; while (true) s = encodeURIComponent(s + '%');", "rule_memory_limit|rule_statement_limit|rule_time_limit")]
    [InlineData("new Array(1e9).join('x')", "rule_memory_limit")]
    [InlineData("Array(1e9)", "rule_memory_limit")]
    [InlineData("var a = []; a.length = 4e9; a.forEach(function () {});", "rule_memory_limit")]
    [InlineData("var a = []; a[4294967290] = 1; a.reverse();", "rule_memory_limit")]
    [InlineData("Array.prototype.map.call({ length: 4294967295 }, Math.abs)", "rule_memory_limit")]
    [InlineData("var c = 0; Array.prototype.indexOf.call({ length: { valueOf: function () { return c++ ? 4e9 : 1; } } }, 1)", "rule_error|rule_memory_limit")]
    [InlineData("String.fromCharCode.apply(null, { length: 1e9 })", "rule_memory_limit")]
    [InlineData("var a = [1]; while (true) a = a.concat(a);", "rule_memory_limit")]
    [InlineData("var a = []; while (true) a.push(new Array(1000).join('x'));", "rule_memory_limit|rule_time_limit|rule_statement_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; String(o);", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; record.title = 'x' + o;", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; if (o == 'x') fail('x');", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; o.toLocaleString();", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; o.sort(); record.labels = [o, o].sort();", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; record[o] = 1;", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; record.title = o;", "rule_recursion_limit|rule_memory_limit|rule_time_limit|rule_value")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; fail(o);", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; Object.freeze(o); throw o;", "rule_error")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = [o]; JSON.stringify(o);", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var o = null; for (var i = 0; i < 40000; i++) o = { o: o }; record.extra = o;", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var f = function () {}; for (var i = 0; i < 40000; i++) f = f.bind(null); f();", "rule_recursion_limit|rule_memory_limit|rule_time_limit")]
    [InlineData("var s = '['; for (var i = 0; i < 16; i++) s += s; JSON.parse(s);", "rule_recursion_limit")]
    [InlineData("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')", "rule_time_limit")]
    [InlineData("new RegExp('^(a+)+$').exec('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')", "rule_time_limit")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.match('^(a+)+$')", "rule_time_limit")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.search('^(a+)+$')", "rule_time_limit")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.replace(/^(a+)+$/, 'x')", "rule_time_limit")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.split(/^(a+)+$/)", "rule_time_limit")]
    public async Task Nothing_outlives_its_limits(string script, string codes)
    {
        // Far beyond all limits, on a slow machine too: who gets there has none.
        var error = await Assert.ThrowsAsync<ScriptException>(() => Task.Run(() => _scripts.RunAsync(script)).WaitAsync(TimeSpan.FromMinutes(3)));
        Assert.Contains(error.Code, codes.Split('|'));
    }

    [Fact]
    public async Task A_long_chain_of_prototypes_does_not_overflow_the_stack()
    {
        await Ends("function F() {} for (var i = 0; i < 60000; i++) { var o = new F(); F.prototype = o; } o.missing;");
    }

    [Fact]
    public async Task A_long_sum_does_not_overflow_the_stack()
    {
        await Ends($"record.count = 0{string.Concat(Enumerable.Repeat("+1", 20000))};");
    }

    [Theory]
    [InlineData("(function () {}).constructor('return 1')()")]
    [InlineData("[].constructor.constructor('return 1')()")]
    [InlineData("fail.constructor('return 1')()")]
    [InlineData("eval('1')")]
    [InlineData("Function('return 1')()")]
    [InlineData("new Function('return 1')()")]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System')")]
    [InlineData("({}).GetType().Assembly.FullName")]
    [InlineData("record.GetType().Name")]
    [InlineData("Object.defineProperty({}, 'length', { get: function () { return 1; } })")]
    [InlineData("var o = { get length() { return 1; } }")]
    [InlineData("with (record) { title = 'x'; }")]
    public async Task No_way_leads_out(string script)
    {
        var error = await Assert.ThrowsAsync<ScriptException>(() => _scripts.RunAsync(script));
        Assert.Contains(error.Code, new[] { "rule_error", "rule_syntax" });
    }

    [Fact]
    public async Task A_slow_script_does_not_hold_up_others()
    {
        var slow = Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<ScriptException>(() => _scripts.RunAsync("while (true) ;"))).ToList();
        var outcome = await _scripts.RunAsync("record.title = 'quick'");
        Assert.Equal("quick", outcome.Changes["title"]);
        await Task.WhenAll(slow);
    }

    [Theory]
    [InlineData("for (var i = 0; i < 3; i++) record.count = i; record.title = 'x';", true)]
    [InlineData("record.title = [1].map(function (x) { return record.title; })[0];", false)]
    [InlineData("record.title = setting('none') ? 'x' : 'y';", false)]
    [InlineData("if (get('invoice', '00000000-0000-7000-8000-000000000001') === null) record.title = 'x';", false)]
    public async Task Scripts_that_can_go_deep_or_wait_have_threads_of_their_own(string script, bool isOfRequest)
    {
        using var engine = new ScriptEngine();
        var (rule, record) = (RuleOn.Invoice(script), new ListeningRecord { ["title"] = "", ["count"] = 1L });
        Assert.Null(await engine.CheckAsync(rule, CancellationToken.None));
        var call = new ScriptCall(record, null, new ScriptUser(Guid.Empty, "ada", "Ada", []), DateTime.UnixEpoch, new NoHost());
        await Task.Run(() => engine.RunAsync(rule, call, CancellationToken.None));
        Assert.Equal(isOfRequest, record.ReadBy != "xrm script");
    }

    private async Task Ends(string script)
    {
        try
        {
            await _scripts.RunAsync(script);
        }
        catch (ScriptException error)
        {
            Assert.EndsWith("_limit", error.Code);
        }
    }

    /// <summary>Knows which thread has read it.</summary>
    private sealed class ListeningRecord : Dictionary<string, object?>, IReadOnlyDictionary<string, object?>
    {
        public string? ReadBy { get; private set; }

        bool IReadOnlyDictionary<string, object?>.TryGetValue(string key, out object? value)
        {
            ReadBy = Thread.CurrentThread.Name;
            return TryGetValue(key, out value);
        }
    }
}
