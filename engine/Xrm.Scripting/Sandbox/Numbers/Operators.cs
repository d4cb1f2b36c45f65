using System.Globalization;
using Jint.Native;
using Jint.Native.Function;
using Jint.Parser.Ast;
using Jint.Runtime;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>
/// Which function of the engine stands for which operator of a script. All names begin with NUL, which no script can write.
/// </summary>
internal static class Operators
{
    public const string Negate = "\0negate";
    public const string Kind = "\0kind";
    public const string Decimal = "\0decimal";
    public const string Put = "\0put";

    /// <summary>The function for an operator; null for one that is left to the engine.</summary>
    public static string? Name(BinaryOperator sign) => sign switch
    {
        BinaryOperator.Plus => "\0+",
        BinaryOperator.Minus => "\0-",
        BinaryOperator.Times => "\0*",
        BinaryOperator.Divide => "\0/",
        BinaryOperator.Modulo => "\0%",
        BinaryOperator.Less => "\0<",
        BinaryOperator.LessOrEqual => "\0<=",
        BinaryOperator.Greater => "\0>",
        BinaryOperator.GreaterOrEqual => "\0>=",
        BinaryOperator.Equal => "\0==",
        BinaryOperator.NotEqual => "\0!=",
        BinaryOperator.StrictlyEqual => "\0===",
        BinaryOperator.StricltyNotEqual => "\0!==",
        _ => null,
    };

    /// <summary>The operator of <c>+=</c> and its like; null where that is left to the engine.</summary>
    public static BinaryOperator? Of(AssignmentOperator sign) => sign switch
    {
        AssignmentOperator.PlusAssign => BinaryOperator.Plus,
        AssignmentOperator.MinusAssign => BinaryOperator.Minus,
        AssignmentOperator.TimesAssign => BinaryOperator.Times,
        AssignmentOperator.DivideAssign => BinaryOperator.Divide,
        AssignmentOperator.ModuloAssign => BinaryOperator.Modulo,
        _ => null,
    };

    /// <summary>Adds the functions to an engine.</summary>
    public static void Install(GuardedEngine guarded, Arithmetic arithmetic)
    {
        Add("\0+", arithmetic.Add);
        foreach (var sign in "-*/%") Add("\0" + sign, (left, right) => arithmetic.Apply(sign, left, right));
        Add("\0<", (left, right) => Comparison.Order(left, right) < 0);
        Add("\0<=", (left, right) => Comparison.Order(left, right) <= 0);
        Add("\0>", (left, right) => Comparison.Order(left, right) > 0);
        Add("\0>=", (left, right) => Comparison.Order(left, right) >= 0);
        Add("\0==", (left, right) => Comparison.AreEqual(left, right));
        Add("\0!=", (left, right) => !Comparison.AreEqual(left, right));
        Add("\0===", (left, right) => Comparison.AreSame(left, right));
        Add("\0!==", (left, right) => !Comparison.AreSame(left, right));
        guarded.Function(Negate, arguments => arithmetic.Negate(arguments[0]));
        guarded.Function(Decimal, arguments => arithmetic.Value(decimal.Parse(arguments[0].AsString(), NumberStyles.Float, CultureInfo.InvariantCulture)));
        guarded.Function(Kind, arguments => KindOf(arguments[0]));
        guarded.Function(Put, arguments => Change(guarded, arithmetic, arguments));

        void Add(string name, Func<JsValue, JsValue, JsValue> operation) => guarded.Function(name, arguments => operation(arguments[0], arguments[1]));
    }

    private static string KindOf(JsValue value) => value.Type switch
    {
        Types.Undefined => "undefined",
        Types.Boolean => "boolean",
        Types.Number => "number",
        Types.String => "string",
        Types.Object when value.AsObject() is FunctionInstance => "function",
        Types.Object when value.AsObject() is DecimalInstance => "number",
        _ => "object",
    };

    /// <summary><c>object[key] sign= value</c>, where naming the object twice would have effects.</summary>
    private static JsValue Change(GuardedEngine guarded, Arithmetic arithmetic, JsValue[] arguments)
    {
        var holder = TypeConverter.ToObject(guarded.Engine, arguments[0]);
        var (key, sign) = (TypeConverter.ToString(arguments[1]), arguments[2].AsString()[0]);
        var changed = sign == '+' ? arithmetic.Add(holder.Get(key), arguments[3]) : arithmetic.Apply(sign, holder.Get(key), arguments[3]);
        holder.Put(key, changed, true);
        return changed;
    }
}
