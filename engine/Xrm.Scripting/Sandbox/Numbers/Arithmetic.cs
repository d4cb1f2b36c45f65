using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>
/// The operators of scripts. They calculate with decimals of 28 digits, so that <c>0.1 + 0.2</c> is <c>0.3</c> and no amount of money loses a
/// cent; beyond what decimals can hold, they calculate like JavaScript. Order of conversions: ECMA-262, 5.1, sections 11.5 to 11.9.
/// </summary>
internal sealed class Arithmetic(Engine engine, Meter meter)
{
    /// <summary>Methods of the numbers that JavaScript does not have.</summary>
    public ObjectInstance Prototype { get; } = engine.Object.Construct([]);

    /// <summary>The JavaScript value of a decimal: a number where that is exact.</summary>
    public JsValue Value(decimal value) => Exact.Number(value) is { } number ? number : new JsValue(new DecimalInstance(engine, Prototype, value));

    /// <summary>The decimal behind a value; null where it is none.</summary>
    public static decimal? Decimal(JsValue value) =>
        value.IsNumber() ? Exact.Of(value.AsNumber()) : value.IsObject() && value.AsObject() is DecimalInstance exact ? exact.Value : null;

    public JsValue Add(JsValue left, JsValue right)
    {
        if (left.IsNumber() && right.IsNumber()) return Calculate('+', left, right);
        var (first, second) = (Primitive(left, Types.None), Primitive(right, Types.None));
        if (!first.IsString() && !second.IsString()) return Calculate('+', Numeric(first), Numeric(second));
        var (head, tail) = (TypeConverter.ToString(first), TypeConverter.ToString(second));
        meter.Text((long)head.Length + tail.Length);
        return head + tail;
    }

    public JsValue Apply(char sign, JsValue left, JsValue right) =>
        left.IsNumber() && right.IsNumber() ? Calculate(sign, left, right) : Calculate(sign, Numeric(Primitive(left, Types.Number)), Numeric(Primitive(right, Types.Number)));

    public JsValue Negate(JsValue value) => value.IsNumber() ? -value.AsNumber() : Numeric(Primitive(value, Types.Number)) is var number && number.IsNumber() ? -number.AsNumber() : Value(-Decimal(number)!.Value);

    /// <summary>The number that a value is; a decimal stays one.</summary>
    public static JsValue Numeric(JsValue value) => value.IsNumber() || IsDecimal(value) ? value : TypeConverter.ToNumber(value);

    public static bool IsDecimal(JsValue value) => value.IsObject() && value.AsObject() is DecimalInstance;

    /// <summary>A primitive value, or a decimal.</summary>
    public static JsValue Primitive(JsValue value, Types hint) => IsDecimal(value) ? value : TypeConverter.ToPrimitive(value, hint);

    private JsValue Calculate(char sign, JsValue left, JsValue right)
    {
        if (left.IsNumber() && right.IsNumber())
        {
            var plain = Plain(sign, left.AsNumber(), right.AsNumber());
            // Whole numbers are exact as they are; so is a quotient that is whole, for no other number times the divisor is the dividend.
            if (Exact.IsWhole(left.AsNumber()) && Exact.IsWhole(right.AsNumber()) && Exact.IsWhole(plain)) return plain;
        }
        if (Decimal(left) is not { } first || Decimal(right) is not { } second || (second == 0 && sign is '/' or '%')) return Plain(sign, Double(left), Double(right));
        try
        {
            return Value(Plain(sign, first, second));
        }
        catch (OverflowException)
        {
            return Plain(sign, Double(left), Double(right));
        }
    }

    private static double Double(JsValue value) => value.IsNumber() ? value.AsNumber() : (double)((DecimalInstance)value.AsObject()).Value;

    private static double Plain(char sign, double left, double right) => sign switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        _ => left % right,
    };

    private static decimal Plain(char sign, decimal left, decimal right) => sign switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        _ => left % right,
    };
}
