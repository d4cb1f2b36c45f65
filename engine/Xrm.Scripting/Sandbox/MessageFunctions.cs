using System.Globalization;
using Jint.Native;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox;

/// <summary>The functions by which a script speaks to people: <c>fail</c>, <c>warn</c>, <c>log</c>, <c>translate</c>.</summary>
/// <param name="guarded">The engine.</param>
internal sealed class MessageFunctions(GuardedEngine guarded)
{
    public void Install()
    {
        guarded.Function("fail", arguments => Tell(arguments, guarded.Run.Fail, "The record was refused by a rule."));
        guarded.Function("warn", arguments => Tell(arguments, guarded.Run.Warn, "A rule has a warning."));
        guarded.Function("log", arguments =>
        {
            guarded.Run.Log(string.Join(' ', arguments.Select(TypeConverter.ToString)));
            return JsValue.Undefined;
        });
        guarded.Function("translate", Translate);
    }

    private static JsValue Tell(JsValue[] arguments, Action<string?, string> tell, string usual)
    {
        tell(arguments.Length > 1 && arguments[0].IsString() ? arguments[0].AsString() : null, arguments.Length > 0 ? TypeConverter.ToString(arguments[^1]) : usual);
        return JsValue.Undefined;
    }

    /// <summary><c>translate('too_long', 'At most {0} months.', 60)</c>: the text of that key in the reader's language, else the English one, with the values put in.</summary>
    private JsValue Translate(JsValue[] arguments)
    {
        if (arguments is not [var key, ..] || !key.IsString()) throw new JavaScriptException(guarded.Engine.TypeError, "translate needs the key of a text.");
        var text = guarded.Run.Call.Host.Translate(key.AsString()) ?? (arguments.Length > 1 ? TypeConverter.ToString(arguments[1]) : key.AsString());
        for (var index = 2; index < arguments.Length; index++)
        {
            text = text.Replace($"{{{(index - 2).ToString(CultureInfo.InvariantCulture)}}}", TypeConverter.ToString(arguments[index]), StringComparison.Ordinal);
            guarded.Meter.Text(text.Length);
        }
        return text;
    }
}
