using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox;

/// <summary>The functions by which a script reaches beyond its record: <c>get</c>, <c>setting</c>, <c>query</c>, <c>create</c>, <c>update</c>, <c>remove</c>, <c>mail</c>, <c>http</c>.</summary>
/// <param name="guarded">The engine.</param>
internal sealed partial class HostFunctions(GuardedEngine guarded)
{
    private IScriptHost Host => guarded.Run.Call.Host;

    public void Install()
    {
        Add("get", arguments => (Entity(arguments), Id(arguments), Locks(arguments)), (asked, _, ct) => Host.GetAsync(asked.Item1, asked.Item2, asked.Item3, ct), row => row is null ? JsValue.Null : guarded.Run.Row(row.Entity, row.Values));
        Add("setting", Entity, (asked, _, ct) => Host.SettingAsync(asked, ct), row => row is null ? JsValue.Null : guarded.Run.Row(row.Entity, row.Values));
        Add("query", arguments => (Entity(arguments), Options(arguments)), (asked, _, ct) => Host.QueryAsync(asked.Item1, asked.Item2, ct), List);
        Add("create", arguments => (Entity(arguments), Object(arguments, 1, "the values")), (asked, thread, ct) => Host.CreateAsync(asked.Item1, asked.Item2, thread, ct), id => id.ToString("D"));
        Add("update", arguments => (Entity(arguments), Id(arguments), Object(arguments, 2, "the new values")), (asked, thread, ct) => Done(Host.UpdateAsync(asked.Item1, asked.Item2, asked.Item3, thread, ct)), Nothing);
        Add("remove", arguments => (Entity(arguments), Id(arguments)), (asked, thread, ct) => Done(Host.RemoveAsync(asked.Item1, asked.Item2, thread, ct)), Nothing);
        Add("mail", arguments => Object(arguments, 0, "to, subject and body"), (asked, _, ct) => Done(Host.MailAsync(asked, ct)), Nothing);
        Add("http", arguments => Object(arguments, 0, "the url"), (asked, _, ct) => Host.HttpAsync(asked, ct), Answer);
    }

    private static JsValue Nothing(bool done) => JsValue.Undefined;

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    private void Add<TAsked, TAnswer>(string name, Func<JsValue[], TAsked> read, Func<TAsked, ScriptThread, CancellationToken, Task<TAnswer>> work, Func<TAnswer, JsValue> answer) => guarded.Function(name, arguments =>
    {
        guarded.Meter.Call();
        var asked = read(arguments);
        var (run, progress) = (guarded.Run, guarded.Run.Progress);
        progress.IsAtHost = true;
        try
        {
            return answer(ScriptThread.Wait(thread => work(asked, thread, progress.UntilEnd)));
        }
        catch (Exception refusal) when (refusal is not JavaScriptException and not LimitReached)
        {
            run.Refusal = refusal;
            throw;
        }
        finally
        {
            progress.IsAtHost = false;
        }
    });

    private string Entity(JsValue[] arguments) => arguments.Length > 0 && arguments[0].IsString() ? arguments[0].AsString() : throw Wrong("The first argument must be the name of an entity.");

    private Guid Id(JsValue[] arguments) =>
        arguments.Length > 1 && arguments[1].IsString() && Guid.TryParse(arguments[1].AsString(), out var id) ? id : throw Wrong("The second argument must be the id of a record.");

    private JsonElement Options(JsValue[] arguments) => arguments.Length < 2 || arguments[1].IsUndefined() ? default : Object(arguments, 1, "the options");

    private bool Locks(JsValue[] arguments)
    {
        if (arguments.Length < 3 || arguments[2].IsUndefined()) return false;
        var options = Object(arguments, 2, "the options").EnumerateObject().ToArray();
        return options is [{ Name: "lock", Value.ValueKind: JsonValueKind.True or JsonValueKind.False } wanted] ? wanted.Value.GetBoolean() : throw Wrong("get has the option lock, which is true or false: get('account', id, { lock: true }).");
    }

    private JsonElement Object(JsValue[] arguments, int index, string what)
    {
        if (arguments.Length <= index || !arguments[index].IsObject() || arguments[index].IsArray()) throw Wrong($"An object with {what} is missing.");
        var text = guarded.Json.Stringify(arguments[index], "").AsString();
        if (HalfCharacter().IsMatch(text)) throw Wrong("A text has half of a character (one of a surrogate pair), which cannot be stored or sent: cut texts between characters.");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private JsValue List(IReadOnlyList<ScriptRow> rows)
    {
        var list = guarded.Engine.Array.Construct([]);
        for (var index = 0; index < rows.Count; index++) list.Put(index.ToString(CultureInfo.InvariantCulture), guarded.Run.Row(rows[index].Entity, rows[index].Values), true);
        return list;
    }

    private JsValue Answer(ScriptAnswer answer)
    {
        guarded.Meter.Text(answer.Body.Length);
        var (made, headers) = (NewObject(), NewObject());
        foreach (var (name, value) in answer.Headers) headers.Put(name, value, true);
        made.Put("status", (double)answer.Status, true);
        made.Put("headers", headers, true);
        made.Put("body", answer.Body, true);
        return made;
    }

    private ObjectInstance NewObject() => guarded.Engine.Object.Construct([]);

    private JavaScriptException Wrong(string message) => new(guarded.Engine.TypeError, message);

    /// <summary>As <see cref="GuardedJson"/> writes it: a backslash that no other makes a character of its own.</summary>
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\\ud")]
    private static partial Regex HalfCharacter();
}
