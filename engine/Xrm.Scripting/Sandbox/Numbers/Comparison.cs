using System.Globalization;
using Jint.Native;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>The comparisons of scripts, digit by digit where a side is a decimal. ECMA-262, 5.1, sections 11.8 and 11.9.</summary>
internal static class Comparison
{
    /// <summary>Negative, zero or positive; null where there is no order, as of NaN.</summary>
    public static int? Order(JsValue left, JsValue right)
    {
        if (left.IsNumber() && right.IsNumber()) return Order(left.AsNumber(), right.AsNumber());
        var (first, second) = (Arithmetic.Primitive(left, Types.Number), Arithmetic.Primitive(right, Types.Number));
        if (first.IsString() && second.IsString()) return string.CompareOrdinal(first.AsString(), second.AsString());
        var (one, other) = (Arithmetic.Numeric(first), Arithmetic.Numeric(second));
        return Arithmetic.Decimal(one) is { } exact && Arithmetic.Decimal(other) is { } rest ? exact.CompareTo(rest) : Order(TypeConverter.ToNumber(one), TypeConverter.ToNumber(other));
    }

    /// <summary><c>===</c></summary>
    public static bool AreSame(JsValue left, JsValue right)
    {
        if (left.Type != right.Type) return false;
        return left.Type switch
        {
            Types.Number => left.AsNumber() == right.AsNumber(),
            Types.String => left.AsString() == right.AsString(),
            Types.Boolean => left.AsBoolean() == right.AsBoolean(),
            Types.Object => ReferenceEquals(left.AsObject(), right.AsObject()) || (Exactly(left) is { } one && Exactly(right) == one),
            _ => true,
        };
    }

    /// <summary><c>==</c></summary>
    public static bool AreEqual(JsValue left, JsValue right)
    {
        if (left.Type == right.Type) return AreSame(left, right);
        if (IsNothing(left) || IsNothing(right)) return IsNothing(left) && IsNothing(right);
        if (Exactly(left) is { } one) return Written(right) == one;
        if (Exactly(right) is { } other) return Written(left) == other;
        var (first, second) = (TypeConverter.ToPrimitive(left, Types.None), TypeConverter.ToPrimitive(right, Types.None));
        return first.Type == second.Type ? AreSame(first, second) : TypeConverter.ToNumber(first) == TypeConverter.ToNumber(second);
    }

    private static int? Order(double left, double right) => double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right) is var order && left == right ? 0 : order;

    private static decimal? Exactly(JsValue value) => Arithmetic.IsDecimal(value) ? Arithmetic.Decimal(value) : null;

    private static decimal? Written(JsValue value) =>
        value.IsString() && decimal.TryParse(value.AsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsNothing(JsValue value) => value.IsNull() || value.IsUndefined();
}
