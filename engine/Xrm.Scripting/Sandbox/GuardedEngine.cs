using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using Xrm.Scripting.Sandbox.Numbers;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// A JavaScript engine for one run after the other: no .NET, no <c>eval</c>, and built-ins that keep to the limits and cannot be changed, so
/// that a run leaves nothing behind for the next.
/// </summary>
internal sealed class GuardedEngine
{
    private static readonly Jint.Parser.Ast.Program Prelude = ScriptParser.Library(ReadPrelude());
    private static readonly Regex PreludeNames = new($@"\b(?:{string.Join('|', Regex.Matches(ReadPrelude(), "\"(\\w+)\", ").Select(match => match.Groups[1].Value).Distinct())})\b", RegexOptions.CultureInvariant);
    private readonly Meter _meter;
    private readonly RunGlobals _globals;

    /// <param name="limits">What a run may take.</param>
    /// <param name="withPrelude">Add the newer built-ins; they cost more than all the rest of an engine.</param>
    /// <param name="isTraced">Tell of each statement.</param>
    public GuardedEngine(ScriptLimits limits, bool withPrelude, bool isTraced = false)
    {
        _meter = new Meter(limits);
        HasPrelude = withPrelude;
        Engine = new Engine(options => options
            .Strict()
            .DebugMode(isTraced)
            .MaxStatements(limits.Statements)
            .LimitRecursion(limits.Recursion)
            .LocalTimeZone(TimeZoneInfo.Utc)
            .Culture(System.Globalization.CultureInfo.InvariantCulture));
        Numbers = new Arithmetic(Engine, _meter);
        Json = new GuardedJson(Engine, _meter);
        _meter.Begin(null, isShallow: false, CancellationToken.None);
        Guard();
        if (withPrelude) AddPrelude();
        new MessageFunctions(this).Install();
        new DateFunctions(this).Install();
        new HostFunctions(this).Install();
        new FixedBuiltIns(Engine).Install(Numbers.Prototype);
        _globals = new RunGlobals(this);
    }

    public Engine Engine { get; }

    /// <summary>The run that the engine serves.</summary>
    /// <exception cref="InvalidOperationException">There has been none yet.</exception>
    public ScriptRun Run { get => field ?? throw new InvalidOperationException("No script runs."); private set; }

    /// <summary>Reads and writes JSON.</summary>
    public GuardedJson Json { get; }

    /// <summary>Calculates with decimals.</summary>
    public Arithmetic Numbers { get; }

    /// <summary>It has the newer built-ins.</summary>
    public bool HasPrelude { get; }

    /// <summary>Measures the run.</summary>
    public Meter Meter => _meter;

    /// <summary>True where a script names something that the prelude adds.</summary>
    public static bool NeedsPrelude(string script) => PreludeNames.IsMatch(script);

    /// <summary>Begins to serve a run, and to measure it on this thread.</summary>
    public void Begin(ScriptRun run)
    {
        Run = run;
        _globals.Forget();
        _meter.Begin(run.Call.WaitingTime, run.IsShallow, run.Progress.Caller);
    }

    /// <summary>Adds a global function.</summary>
    public void Function(string name, Func<JsValue[], JsValue> body) =>
        Set(Engine.Global, name, new ClrFunctionInstance(Engine, (_, arguments) => body(arguments)));

    private void Guard()
    {
        Function(Instrumentation.TickName, _ =>
        {
            _meter.Tick();
            return JsValue.Undefined;
        });
        Function(Instrumentation.ThrownName, arguments =>
        {
            var thrown = arguments[0];
            if (thrown.IsObject() && !thrown.AsObject().Get("message").IsString()) thrown.AsObject().DefineOwnProperty("message", new PropertyDescriptor("", true, false, true), false);
            return thrown;
        });
        Operators.Install(this, Numbers);
        RemoveReflection();
        GuardFunctions();
        WrapAll(Engine.Array.PrototypeObject, CheckList);
        WrapAll(Engine.String.PrototypeObject, CheckText);
        new GuardedLists(Engine, _meter).Install();
        new GuardedTexts(Engine, _meter).Install();
        new GuardedDates(Engine, _meter).Install();
        Json.Install();
        new GuardedNumbers(Engine, Numbers).Install();
    }

    /// <summary>What the prelude adds must not appear in <c>for … in</c>, like built-ins elsewhere.</summary>
    private void AddPrelude()
    {
        Engine.Execute(Prelude);
        Engine.ResetStatementsCount();
        ObjectInstance[] extended = [Engine.Array.PrototypeObject, Engine.String.PrototypeObject, Engine.Object, Engine.Number, Engine.Math];
        foreach (var holder in extended)
            foreach (var (name, property) in holder.GetOwnProperties().ToList())
                if (property.Value?.TryCast<ScriptFunctionInstance>() is not null) Set(holder, name, property.Value);
    }

    /// <summary>Takes away what makes code from text, and what defines accessors: they would go around the instrumentation.</summary>
    private void RemoveReflection()
    {
        foreach (var name in new[] { "eval", "Function" }) Engine.Global.RemoveOwnProperty(name);
        Set(Engine.Function.PrototypeObject, "constructor", JsValue.Undefined);
        foreach (var name in new[] { "defineProperty", "defineProperties", "create", "getOwnPropertyDescriptor", "getPrototypeOf", "setPrototypeOf" })
            Engine.Object.RemoveOwnProperty(name);
        foreach (var name in new[] { "__defineGetter__", "__defineSetter__", "__proto__" })
            Engine.Object.PrototypeObject.RemoveOwnProperty(name);
    }

    private void GuardFunctions()
    {
        var prototype = Engine.Function.PrototypeObject;
        WrapAll(prototype, (_, arguments) =>
        {
            if (arguments.Length > 1 && arguments[1].IsObject()) CheckLength(arguments[1].AsObject());
        }, "apply", "call");
        Set(prototype, "bind", new ClrFunctionInstance(Engine, (target, first) => Bound(target, first)));
    }

    private JsValue Bound(JsValue target, JsValue[] first)
    {
        var receiver = first.Length > 0 ? first[0] : JsValue.Undefined;
        return new JsValue(new ClrFunctionInstance(Engine, (_, rest) =>
        {
            _meter.Tick();
            return target.Invoke(receiver, [.. first.Skip(1), .. rest]);
        }));
    }

    private void WrapAll(ObjectInstance holder, Action<JsValue, JsValue[]> check, params string[] only)
    {
        foreach (var (name, property) in holder.GetOwnProperties().ToList())
        {
            if (name == "constructor" || (only.Length > 0 && !only.Contains(name))) continue;
            if (property.Value?.TryCast<FunctionInstance>() is not { } original) continue;
            Set(holder, name, new ClrFunctionInstance(Engine, (self, arguments) =>
            {
                _meter.Tick();
                check(self, arguments);
                return Checked(original.Call(self, arguments));
            }));
        }
    }

    private void CheckList(JsValue self, JsValue[] arguments)
    {
        if (self.IsString()) _meter.Elements(self.AsString().Length);
        else if (self.IsObject()) CheckLength(self.AsObject());
    }

    private void CheckText(JsValue self, JsValue[] arguments)
    {
        Checked(self);
        foreach (var argument in arguments) Checked(argument);
    }

    /// <summary>Built-ins read the length of anything that looks like a list: it must be a plain number within the limit.</summary>
    private void CheckLength(ObjectInstance list)
    {
        var length = list.Get("length");
        if (length.IsObject()) throw new LimitReached("rule_error", "The length of a list must be a number.");
        if (length.IsNumber()) _meter.Elements(length.AsNumber());
        else if (length.IsString()) _meter.Elements(Jint.Runtime.TypeConverter.ToNumber(length));
    }

    private JsValue Checked(JsValue value)
    {
        if (value.IsString()) _meter.Text(value.AsString().Length);
        return value;
    }

    internal static void Set(ObjectInstance holder, string name, JsValue value) =>
        holder.FastSetProperty(name, new PropertyDescriptor(value, true, false, true));

    private static string ReadPrelude()
    {
        using var stream = typeof(GuardedEngine).Assembly.GetManifestResourceStream("Xrm.Scripting.Sandbox.prelude.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
