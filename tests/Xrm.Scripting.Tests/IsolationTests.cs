using Xrm.TestKit;

namespace Xrm.Scripting.Tests;

/// <summary>Engines serve one run after the other: no run finds what another has left.</summary>
public sealed class IsolationTests : IDisposable
{
    // Everything that can be reached, as text: path, type and value of each property, hidden ones included.
    private const string Look = """
        var names = ['Array', 'Boolean', 'Date', 'Error', 'EvalError', 'Infinity', 'JSON', 'Math', 'NaN', 'Number', 'Object', 'RangeError', 'ReferenceError',
          'RegExp', 'String', 'SyntaxError', 'TypeError', 'URIError', 'undefined', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURI', 'decodeURI',
          'encodeURIComponent', 'decodeURIComponent', 'escape', 'unescape', 'fail', 'log', 'addDays', 'addMonths', 'addYears', 'daysBetween'];
        var things = [Array, Boolean, Date, Error, EvalError, Infinity, JSON, Math, NaN, Number, Object, RangeError, ReferenceError,
          RegExp, String, SyntaxError, TypeError, URIError, undefined, parseInt, parseFloat, isNaN, isFinite, encodeURI, decodeURI,
          encodeURIComponent, decodeURIComponent, typeof escape, typeof unescape, fail, log, addDays, addMonths, addYears, daysBetween];
        var seen = [], found = [], function_ = function () {};
        function look(path, thing) {
          found.push(path + ':' + typeof thing + (thing !== null && typeof thing === 'object' || typeof thing === 'function' ? ':' + Object.isFrozen(thing) + Object.isExtensible(thing) : ':' + String(thing)));
          if (thing === null || typeof thing !== 'object' && typeof thing !== 'function' || seen.indexOf(thing) >= 0) return;
          seen.push(thing);
          var own = Object.getOwnPropertyNames(thing).sort();
          for (var i = 0; i < own.length; i++) if (own[i] !== 'caller' && own[i] !== 'arguments') look(path + '.' + own[i], thing[own[i]]);
        }
        for (var i = 0; i < names.length; i++) look(names[i], things[i]);
        look('[]', []); look('{}', {}); look('string', Object('')); look('number', Object(1)); look('regex', /x/); look('date', new Date(0));
        var unknown = ['evil', 'leak', 'self', 'global', 'globalThis', 'window'];
        for (var i = 0; i < unknown.length; i++) { try { look(unknown[i], [].concat(eval_(unknown[i]))); } catch (e) { } }
        function eval_(name) { return ({}) [name]; }
        found.push(typeof evil, typeof leak);
        log(found.length);
        record.extra = { found: found.sort() };
        """;

    // Scripts that name one of the newer built-ins share engines with each other.
    private const string SameKind = "isFinite";

    private readonly ScriptEngine _engine = new(new ScriptLimits { Statements = 2_000_000, Time = TimeSpan.FromSeconds(20), WaitingTime = TimeSpan.FromSeconds(60), MemoryBytes = 1L << 30, ArrayLength = 100_000, TextLength = 10_000_000 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Array.prototype.evil = 1;")]
    [InlineData("Object.prototype.evil = 1;")]
    [InlineData("Object.prototype.toString = function () { return 'evil'; };")]
    [InlineData("JSON.evil = 1;")]
    [InlineData("JSON.parse = null;")]
    [InlineData("Math.max = Math.min;")]
    [InlineData("Math.max.evil = 1;")]
    [InlineData("String.prototype.trim = null;")]
    [InlineData("String.prototype.trim.call = null;")]
    [InlineData("delete String.prototype.trim;")]
    [InlineData("delete Math.PI;")]
    [InlineData("Array.prototype.push('evil');")]
    [InlineData("Array.prototype[0] = 'evil';")]
    [InlineData("Array.prototype.length = 3;")]
    [InlineData("[].push.call(Array.prototype, 'evil');")]
    [InlineData("[].unshift.call(Math, 'evil');")]
    [InlineData("Array.prototype.splice.call(Array, 0, 0, 'evil');")]
    [InlineData("Object.freeze(Array.prototype);")]
    [InlineData("Object.seal(Object.prototype);")]
    [InlineData("Object.preventExtensions(String);")]
    [InlineData("(function () { this.evil = 1; })();")]
    [InlineData("evil = 1;")]
    [InlineData("fail.evil = 1;")]
    [InlineData("log = null;")]
    [InlineData("record = { evil: 1 };")]
    [InlineData("Date.prototype.getTime = function () { return 0; };")]
    [InlineData("Date.prototype.setTime(5);")]
    [InlineData("RegExp.prototype.lastIndex = 7;")]
    [InlineData("/x/.test.evil = 1;")]
    [InlineData("Error.prototype.message = 'evil';")]
    [InlineData("try { null.x } catch (e) { e.constructor.prototype.evil = 1; }")]
    [InlineData("try { undefined_ } catch (e) { e.constructor.evil = 1; }")]
    [InlineData("(function () {}).prototype.evil = 1; Object.getOwnPropertyNames(function () {}).evil = 1;")]
    [InlineData("[].constructor.evil = 1;")]
    [InlineData("''.constructor.prototype.evil = 1;")]
    [InlineData("(5).constructor.prototype.evil = 1;")]
    [InlineData("true.constructor.evil = 1;")]
    [InlineData("now.constructor.prototype.evil = 1;")]
    [InlineData("user.roles.constructor.prototype.evil = 1;")]
    [InlineData("record.constructor.evil = 1;")]
    [InlineData("undefined = 1;")]
    [InlineData("NaN = 1;")]
    [InlineData("Array = null;")]
    [InlineData("'x'.startsWith('x'); String.prototype.startsWith = null;")]
    [InlineData("Object.assign(Math, { evil: 1 });")]
    [InlineData("Object.keys.evil = 1; [1].find(function () { return true; }); [].find.evil = 1;")]
    public async Task A_run_changes_nothing_for_the_next(string attack)
    {
        var before = await LookAsync();
        // Within a catch, so that the run ends well and its engine is used again.
        await RunAsync($"try {{ {attack} }} catch (refused) {{ }} // {SameKind}");
        Assert.Equal(before, await LookAsync());
    }

    [Fact]
    public async Task What_is_built_in_cannot_be_changed_and_the_script_hears_of_it()
    {
        var outcome = await RunAsync("try { Math.max = null; } catch (e) { record.title = e.message; }");
        Assert.Equal("max is built in and cannot be changed.", outcome.Changes["title"]);
    }

    [Fact]
    public async Task Own_objects_may_have_properties_with_the_names_of_built_in_ones()
    {
        var outcome = await RunAsync("""
            var point = { length: 2 };
            point.toString = function () { return 'a point'; };
            point.constructor = 'me';
            function Shape() {}
            Shape.prototype.valueOf = function () { return 7; };
            var frozen = Object.freeze({ a: 1 });
            try { frozen.a = 2; } catch (refused) { }
            record.title = point + ' ' + point.constructor + ' ' + (new Shape() + 1) + ' ' + frozen.a;
            """);
        Assert.Equal("a point me 8 1", outcome.Changes["title"]);
    }

    [Fact]
    public async Task Limits_count_anew_for_each_run()
    {
        using var engine = new ScriptEngine(new ScriptLimits { Statements = 2_000 });
        for (var run = 0; run < 20; run++)
        {
            var outcome = await engine.RunAsync(RuleOn.Invoice("var n = 0; for (var i = 0; i < 300; i++) n += i; record.count = n;"), Call(), CancellationToken.None);
            Assert.Equal(44850L, outcome.Changes["count"]);
        }
    }

    private async Task<string> LookAsync() => (string)(await RunAsync(Look)).Changes["extra"]!;

    private Task<ScriptOutcome> RunAsync(string script) => Request.RunAsync(_engine, RuleOn.Invoice(script), Call());

    private static ScriptCall Call() => new(
        new Dictionary<string, object?> { ["title"] = "Invoice", ["count"] = 7L, ["extra"] = null }, null,
        new ScriptUser(Guid.Empty, "admin", "Admin", ["seller"]), new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc), new NoHost());
}
