using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>Built-ins that round and compare numbers, for decimals as well.</summary>
internal sealed class GuardedNumbers(Engine engine, Arithmetic arithmetic)
{
    private const int MostDigits = 20;

    public void Install()
    {
        Whole("round", value => decimal.Floor(value + 0.5m));
        Whole("floor", decimal.Floor);
        Whole("ceil", decimal.Ceiling);
        Whole("abs", Math.Abs);
        Extreme("min", order => order < 0);
        Extreme("max", order => order > 0);
        foreach (var prototype in new[] { engine.Number.PrototypeObject, arithmetic.Prototype })
        {
            var original = engine.Number.PrototypeObject.Get("toFixed");
            GuardedEngine.Set(prototype, "toFixed", new ClrFunctionInstance(engine, (self, arguments) => Fixed(self, arguments) ?? original.Invoke(self, arguments)));
        }
        GuardedEngine.Set(arithmetic.Prototype, "toString", new ClrFunctionInstance(engine, (self, _) => Exact.Text(Arithmetic.Decimal(self) ?? 0)));
        GuardedEngine.Set(arithmetic.Prototype, "toLocaleString", arithmetic.Prototype.Get("toString"));
        // What built-ins that know JavaScript numbers alone see of it.
        GuardedEngine.Set(arithmetic.Prototype, "valueOf", new ClrFunctionInstance(engine, (self, _) => (double)(Arithmetic.Decimal(self) ?? 0)));
    }

    private void Whole(string name, Func<decimal, decimal> round)
    {
        var original = engine.Math.Get(name);
        GuardedEngine.Set(engine.Math, name, new ClrFunctionInstance(engine, (self, arguments) =>
            arguments is [var value, ..] && Arithmetic.IsDecimal(value) ? arithmetic.Value(round(Arithmetic.Decimal(value)!.Value)) : original.Invoke(self, arguments)));
    }

    private void Extreme(string name, Func<int?, bool> wins)
    {
        var original = engine.Math.Get(name);
        GuardedEngine.Set(engine.Math, name, new ClrFunctionInstance(engine, (self, arguments) =>
            arguments.Any(Arithmetic.IsDecimal) && !arguments.Any(value => double.IsNaN(TypeConverter.ToNumber(value)))
                ? arguments.Select(Arithmetic.Numeric).Aggregate((best, next) => wins(Comparison.Order(next, best)) ? next : best)
                : original.Invoke(self, arguments)));
    }

    /// <summary>Halves are rounded away from zero, and what is a half is seen in the decimal: <c>(1.005).toFixed(2)</c> is <c>1.01</c>.</summary>
    private static JsValue? Fixed(JsValue self, JsValue[] arguments)
    {
        var digits = arguments.Length > 0 ? TypeConverter.ToInteger(arguments[0]) : 0;
        var number = self.IsObject() && self.AsObject() is IPrimitiveInstance boxed ? boxed.PrimitiveValue : self;
        if (digits is < 0 or > MostDigits || Arithmetic.Decimal(number) is not { } value) return null;
        return decimal.Round(value, (int)digits, MidpointRounding.AwayFromZero).ToString($"F{(int)digits}", CultureInfo.InvariantCulture);
    }
}
