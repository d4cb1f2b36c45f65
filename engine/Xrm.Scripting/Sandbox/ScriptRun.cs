using System.Collections.Immutable;
using System.Globalization;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Scripting.Sandbox;

/// <summary>One run of one rule: the globals that it sees, and what it left behind.</summary>
internal sealed class ScriptRun
{
    private const int MostLogLines = 100;
    private const int LongestLogLine = 1000;
    private readonly Rule _rule;
    private readonly ParsedScript _script;
    private readonly GuardedEngine _guarded;
    private readonly ScriptValues _values;
    private readonly Dictionary<string, (Column Column, JsValue Given)> _given = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ScriptFailure>.Builder _failures = ImmutableArray.CreateBuilder<ScriptFailure>();
    private readonly ImmutableArray<string>.Builder _log = ImmutableArray.CreateBuilder<string>();

    public ScriptRun(Rule rule, ParsedScript script, GuardedEngine guarded)
    {
        (_rule, _script, _guarded) = (rule, script, guarded);
        _values = new ScriptValues(_guarded.Engine, new GuardedJson(_guarded.Engine, _guarded.Meter));
    }

    /// <summary>The run came to its end in an orderly way: its engine can be used again.</summary>
    public bool IsClean { get; private set; }

    public ScriptOutcome Run(ScriptCall call, CancellationToken ct)
    {
        _guarded.Meter.Begin(ct);
        var engine = _guarded.Engine;
        var record = Record(call.Record, _given);
        Global("record", record);
        Global("previous", call.Previous is { } previous ? Record(previous, null) : JsValue.Null);
        Global("user", User(call.User));
        Global("now", engine.Date.Construct([Milliseconds(call.UtcNow)]));
        Global("today", call.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        AddFunctions();
        try
        {
            engine.Execute(_script.Program);
            IsClean = true;
        }
        catch (JavaScriptException) when (_failures.Count > 0)
        {
            // The record is refused already; that the script then stumbled over the wrong value adds nothing for the person.
        }
        return new ScriptOutcome(_failures.Count > 0 ? ImmutableDictionary<string, object?>.Empty : Changes(record), _failures.ToImmutable(), _log.ToImmutable());
    }

    /// <summary>Line of the author's file where the run is or was.</summary>
    public int Line => _guarded.Engine.GetLastSyntaxNode()?.Location?.Start.Line ?? 0;

    private void Global(string name, JsValue value) => GuardedEngine.Set(_guarded.Engine.Global, name, value);

    private static double Milliseconds(DateTime instant) => Math.Floor((instant - DateTime.UnixEpoch).TotalMilliseconds);

    private ObjectInstance Record(IReadOnlyDictionary<string, object?> values, Dictionary<string, (Column, JsValue)>? given)
    {
        var record = _guarded.Engine.Object.Construct([]);
        foreach (var field in _rule.Entity.Fields)
            foreach (var column in field.Columns)
            {
                if (!values.TryGetValue(column.Name, out var value)) continue;
                var name = ScriptName(field, column);
                var converted = _values.ToScript(value, column.Type);
                record.Put(name, converted, true);
                // A list or object could be changed in place: what was given is kept as a second one.
                given?.Add(name, (column, converted.IsObject() ? _values.ToScript(value, column.Type) : converted));
            }
        return record;
    }

    /// <summary>The main value has the field's name, other parts the column's: <c>account</c>, <c>value</c>, <c>value_currency</c>.</summary>
    private static string ScriptName(Field field, Column column) => column.Part.Length == 0 ? field.Name : column.Name;

    private ObjectInstance User(ScriptUser user)
    {
        var made = _guarded.Engine.Object.Construct([]);
        made.Put("id", user.Id.ToString("D"), true);
        made.Put("userName", user.UserName, true);
        made.Put("name", user.DisplayName, true);
        made.Put("roles", _values.ToScript(user.Roles.ToArray(), ColumnType.TextList), true);
        return made;
    }

    private void AddFunctions()
    {
        _guarded.Function("fail", Fail);
        _guarded.Function("log", arguments =>
        {
            var line = string.Join(' ', arguments.Select(TypeConverter.ToString));
            if (_log.Count < MostLogLines) _log.Add(line.Length > LongestLogLine ? line[..LongestLogLine] : line);
            return JsValue.Undefined;
        });
        _guarded.Function("addDays", arguments => Shift(arguments, (time, count) => time.AddDays(count)));
        _guarded.Function("addMonths", arguments => Shift(arguments, (time, count) => time.AddMonths(count)));
        _guarded.Function("addYears", arguments => Shift(arguments, (time, count) => time.AddYears(count)));
        _guarded.Function("daysBetween", arguments => arguments.Any(argument => argument.IsNull()) || arguments.Length < 2
            ? JsValue.Null
            : Math.Floor((Time(arguments[1]).Date - Time(arguments[0]).Date).TotalDays));
    }

    private JsValue Fail(JsValue[] arguments)
    {
        var message = TypeConverter.ToString(arguments.Length > 0 ? arguments[^1] : "The record was refused by a rule.");
        var name = arguments.Length > 1 && arguments[0].IsString() ? arguments[0].AsString() : null;
        var field = name is null ? null : _rule.Entity.FindField(name) ?? _rule.Entity.FindColumn(name)?.Field;
        if (_failures.Count < MostLogLines) _failures.Add(new ScriptFailure(field, message));
        return JsValue.Undefined;
    }

    private JsValue Shift(JsValue[] arguments, Func<DateTime, int, DateTime> shift)
    {
        if (arguments.Length < 2 || arguments[0].IsNull() || arguments[1].IsNull()) return JsValue.Null;
        try
        {
            var shifted = shift(Time(arguments[0]), (int)TypeConverter.ToInteger(arguments[1]));
            return arguments[0].IsString() && arguments[0].AsString().Length == 10
                ? shifted.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : ScriptValues.Instant(shifted);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new JavaScriptException(_guarded.Engine.RangeError, "The date is out of range.");
        }
    }

    private DateTime Time(JsValue value)
    {
        try
        {
            return ScriptValues.Time(value);
        }
        catch (FormatException wrong)
        {
            throw new JavaScriptException(_guarded.Engine.TypeError, $"{TypeConverter.ToString(value)} is not {wrong.Message}.");
        }
    }

    private ImmutableDictionary<string, object?> Changes(ObjectInstance record)
    {
        var changes = ImmutableDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        foreach (var (name, (column, given)) in _given)
        {
            var left = record.Get(name);
            if (left.IsUndefined() ? given.IsNull() : _values.Same(given, left)) continue;
            changes[column.Name] = Converted(name, column, left);
        }
        foreach (var (name, property) in record.GetOwnProperties())
        {
            if (_given.ContainsKey(name)) continue;
            if (_rule.Entity.FindColumn(name) is not { } found) throw Wrong($"record.{name}: {_rule.Entity.Name} has no such field.");
            changes[name] = Converted(name, found.Column, property.Value ?? JsValue.Undefined);
        }
        foreach (var name in changes.Keys)
            if (_rule.Entity.FindColumn(name) is { } found && (found.Field.IsComputed || found.Column.Computed)) throw Wrong($"record.{found.Field.Name} is computed and cannot be set by a rule.");
        return changes.ToImmutable();
    }

    private object? Converted(string name, Column column, JsValue value)
    {
        try
        {
            return _values.FromScript(value, column);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            throw Wrong($"record.{name} must be {(wrong is FormatException ? wrong.Message : "a smaller number")}.");
        }
    }

    private ScriptException Wrong(string message) => new("rule_value", _rule, 0, message);
}
