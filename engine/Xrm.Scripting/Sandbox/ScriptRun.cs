using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Debugger;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Scripting.Sandbox;

/// <summary>One run of one script: the globals that it sees, and what it left behind.</summary>
internal sealed class ScriptRun
{
    /// <summary>Longest message, in UTF-16 units; what is longer is cut.</summary>
    public const int LongestMessage = 2000;
    private const int MostMessages = 100;
    private const int LongestLogLine = 1000;
    private readonly Script _script;
    private readonly ParsedScript _parsed;
    private readonly GuardedEngine _guarded;
    private readonly ScriptValues _values;
    private ScriptRecord? _record;
    private readonly ImmutableArray<ScriptMessage>.Builder _failures = ImmutableArray.CreateBuilder<ScriptMessage>();
    private readonly ImmutableArray<ScriptMessage>.Builder _warnings = ImmutableArray.CreateBuilder<ScriptMessage>();
    private readonly ImmutableArray<ScriptLogLine>.Builder _log = ImmutableArray.CreateBuilder<ScriptLogLine>();

    public ScriptRun(Script script, ParsedScript parsed, GuardedEngine guarded, ScriptCall call, RunProgress progress)
    {
        (_script, _parsed, _guarded, Call, Progress) = (script, parsed, guarded, call, progress);
        _values = new ScriptValues(_guarded.Engine, guarded.Json, _guarded.Numbers);
    }

    public ScriptCall Call { get; }

    public RunProgress Progress { get; }

    /// <summary>It runs on a thread of somebody else.</summary>
    public bool IsShallow => _parsed.IsShallow;

    /// <summary>The run came to its end in an orderly way: its engine can be used again.</summary>
    public bool IsClean { get; private set; }

    /// <summary>What was asked of the host and refused: not the script's to catch. Null where nothing was.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Line of the author's file where the run is or was.</summary>
    public int Line => _guarded.Engine.GetLastSyntaxNode()?.Location?.Start is { Line: > 0 } at ? _parsed.Lines.LineOf(at.Line, at.Column) : 0;

    public ScriptOutcome Run()
    {
        _guarded.Begin(this);
        var engine = _guarded.Engine;
        if (Call.Trace is not null) engine.Step += Step;
        string? result = null;
        try
        {
            var returned = engine.Execute(_parsed.Program).GetCompletionValue();
            if (_script.Kind == ScriptKind.Action && _guarded.Json.Stringify(returned, "") is var text && text.IsString()) result = text.AsString();
            IsClean = true;
        }
        catch (JavaScriptException) when (_failures.Count > 0)
        {
            // The record is refused already; that the script then stumbled over the wrong value adds nothing for the person.
        }
        return new ScriptOutcome(_failures.Count > 0 || _record is null ? ImmutableDictionary<string, object?>.Empty : Changes(_record), _failures.ToImmutable(), _log.ToImmutable())
        {
            Warnings = _warnings.ToImmutable(),
            Result = result,
        };
    }

    /// <summary>The record; null where the run is about none.</summary>
    public ScriptRecord? Record => _record ??= _script.Entity is { } entity ? new ScriptRecord(entity, Call.Record, _guarded.Engine, _values) : null;

    /// <summary>The record as it was before.</summary>
    public JsValue Previous() => Call.Previous is { } previous && _script.Entity is { } entity ? Row(entity, previous) : JsValue.Null;

    /// <summary>What whoever runs an action was asked for.</summary>
    public JsValue Parameters() =>
        Call.Parameters.ValueKind == JsonValueKind.Object ? _guarded.Json.Parse(Call.Parameters.GetRawText()) : _guarded.Engine.Object.Construct([]);

    /// <summary>Who runs it.</summary>
    public JsValue User()
    {
        var made = _guarded.Engine.Object.Construct([]);
        made.Put("id", Call.User.Id.ToString("D"), true);
        made.Put("userName", Call.User.UserName, true);
        made.Put("name", Call.User.DisplayName, true);
        made.Put("roles", _values.ToScript(Call.User.Roles.ToArray(), ColumnType.TextList), true);
        return made;
    }

    /// <summary>The time of the save, in whole milliseconds.</summary>
    public JsValue Now() => _guarded.Engine.Date.Construct([Math.Floor((Call.UtcNow - DateTime.UnixEpoch).TotalMilliseconds)]);

    /// <summary>The day of the save.</summary>
    public JsValue Today() => Call.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An object for a record that cannot be changed by assigning to it.</summary>
    public ObjectInstance Row(Entity entity, IReadOnlyDictionary<string, object?> values) => new ScriptRecord(entity, values, _guarded.Engine, _values).Object;

    public void Fail(string? name, string message)
    {
        if (_failures.Count < MostMessages) _failures.Add(new ScriptMessage(Field(name), Cut(message, LongestMessage)));
    }

    public void Warn(string? name, string message)
    {
        if (_warnings.Count < MostMessages) _warnings.Add(new ScriptMessage(Field(name), Cut(message, LongestMessage)));
    }

    public void Log(string line)
    {
        if (_log.Count >= MostMessages) return;
        var written = new ScriptLogLine(Line, Cut(line, LongestLogLine));
        _log.Add(written);
        Call.Trace?.Log.Add(written);
    }

    /// <summary>The beginning of what is too long for people to read.</summary>
    public static string Cut(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");

    // Statements that the instrumentation has added are nobody's.
    private StepMode Step(object sender, DebugInformation information)
    {
        if (information.CurrentStatement is not { } statement || Instrumentation.IsAdded(statement) || ScriptParser.IsHead(statement)) return StepMode.Into;
        var at = statement.Location.Start;
        Call.Trace!.Step(_parsed.Lines.LineOf(at.Line, at.Column));
        return StepMode.Into;
    }

    private Field? Field(string? name) => name is null || _script.Entity is not { } entity ? null : entity.FindField(name) ?? entity.FindColumn(name)?.Field;

    private ImmutableDictionary<string, object?> Changes(ScriptRecord record)
    {
        try
        {
            var changes = record.Changes();
            if (Call.IsAfter && !changes.IsEmpty)
                throw new WrongChangeException(Property(changes.Keys.First()), $"record.{Property(changes.Keys.First())} cannot be set when the save is over. Call update('{_script.Entity!.Name}', record.id, {{ … }}), or let the script run before the save.");
            return changes;
        }
        catch (WrongChangeException wrong)
        {
            throw ScriptEngine.WrongValue(_script, wrong.Property, wrong.Message);
        }
    }

    private string Property(string column) => _script.Entity!.FindColumn(column) is { } found ? ScriptRecord.Name(found.Field, found.Column) : column;
}
