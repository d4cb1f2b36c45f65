using System.Globalization;
using Jint.Native;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox;

/// <summary>Calculates with the dates and times of scripts: <c>addDays</c>, <c>addMonths</c>, <c>addYears</c>, <c>daysBetween</c>.</summary>
/// <param name="guarded">The engine.</param>
internal sealed class DateFunctions(GuardedEngine guarded)
{
    public void Install()
    {
        guarded.Function("addDays", arguments => Shift(arguments, (time, count) => time.AddDays(count)));
        guarded.Function("addMonths", arguments => Shift(arguments, (time, count) => time.AddMonths(count)));
        guarded.Function("addYears", arguments => Shift(arguments, (time, count) => time.AddYears(count)));
        guarded.Function("daysBetween", arguments => arguments.Any(argument => argument.IsNull()) || arguments.Length < 2
            ? JsValue.Null
            : Math.Floor((Time(arguments[1]).Date - Time(arguments[0]).Date).TotalDays));
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
            throw new JavaScriptException(guarded.Engine.RangeError, "The date is out of range.");
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
            throw new JavaScriptException(guarded.Engine.TypeError, $"{TypeConverter.ToString(value)} is not {wrong.Message}.");
        }
    }
}
