using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Xrm.Scripting.Sandbox;

/// <summary>Date built-ins that count through years and months one by one: <c>new Date(1e18, 0)</c> would never end, and no limit would notice.</summary>
internal sealed class GuardedDates(Engine engine, Meter meter)
{
    /// <summary>The parts of a moment, and how many of each lead out of all that a <c>Date</c> can hold, from wherever one begins.</summary>
    private static readonly (string Name, double Most)[] Units =
        [("Year", 3e5), ("Month", 3.6e6), ("Date", 2e8), ("Hours", 5e9), ("Minutes", 3e11), ("Seconds", 2e13), ("Milliseconds", 2e16)];

    public void Install()
    {
        var date = engine.Date;
        var utc = date.Get("UTC");
        GuardedEngine.Set(date, "UTC", new ClrFunctionInstance(engine, (self, arguments) => utc.Invoke(self, Parts(arguments, 0))));
        foreach (var (name, property) in date.PrototypeObject.GetOwnProperties().ToList())
        {
            var first = name.StartsWith("set", StringComparison.Ordinal) ? Array.FindIndex(Units, unit => name.EndsWith(unit.Name, StringComparison.Ordinal)) : -1;
            if (first < 0 || property.Value is not { } original) continue;
            GuardedEngine.Set(date.PrototypeObject, name, new ClrFunctionInstance(engine, (self, arguments) => original.Invoke(self, Parts(arguments, first))));
        }
        GuardedEngine.Set(engine.Global, "Date", new GuardedConstructor(engine, date, arguments =>
        {
            if (arguments.Length > 1) Parts(arguments, 0).CopyTo(arguments, 0);
        }));
        GuardedEngine.Set(date.PrototypeObject, "constructor", engine.Global.Get("Date"));
    }

    /// <summary>The arguments as numbers, so that no object gives another one when it is asked again; nothing but NaN where one leads outside.</summary>
    private JsValue[] Parts(JsValue[] arguments, int first)
    {
        meter.Tick();
        var numbers = Array.ConvertAll(arguments, TypeConverter.ToNumber);
        var isWithin = numbers.Take(Units.Length - first).Select((number, index) => Math.Abs(number) <= Units[first + index].Most).All(fits => fits);
        return Array.ConvertAll(numbers, number => (JsValue)(isWithin ? number : double.NaN));
    }
}
