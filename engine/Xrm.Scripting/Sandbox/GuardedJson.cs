using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using Xrm.Scripting.Sandbox.Numbers;

namespace Xrm.Scripting.Sandbox;

/// <summary><c>JSON.parse</c> and <c>JSON.stringify</c> that cannot be nested without end.</summary>
internal sealed class GuardedJson(Engine engine, Meter meter)
{
    private const int Deepest = 100;

    public void Install()
    {
        GuardedEngine.Set(engine.Json, "parse", new ClrFunctionInstance(engine, (_, arguments) => Parse(arguments.Length > 0 ? TypeConverter.ToString(arguments[0]) : "")));
        GuardedEngine.Set(engine.Json, "stringify", new ClrFunctionInstance(engine, (_, arguments) => Stringify(arguments.Length > 0 ? arguments[0] : JsValue.Undefined, Indent(arguments))));
    }

    public JsValue Parse(string text)
    {
        meter.Tick();
        meter.Text(text.Length);
        var (depth, deepest) = (0, 0);
        foreach (var character in text)
        {
            depth += character is '[' or '{' ? 1 : character is ']' or '}' ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }
        if (deepest > Deepest) throw TooDeep();
        return new JsonParser(engine).Parse(text);
    }

    /// <summary>The JSON text; undefined for what JSON cannot hold. Replacers are not supported.</summary>
    public JsValue Stringify(JsValue value, string indent)
    {
        var text = new StringBuilder();
        return Write(value, text, indent, 0) ? text.ToString() : JsValue.Undefined;
    }

    private static string Indent(JsValue[] arguments) => arguments.Length < 3 ? ""
        : arguments[2].IsNumber() ? new string(' ', (int)Math.Clamp(arguments[2].AsNumber(), 0, 10))
        : arguments[2].IsString() ? arguments[2].AsString()[..Math.Min(10, arguments[2].AsString().Length)] : "";

    private bool Write(JsValue value, StringBuilder text, string indent, int depth)
    {
        if (depth > Deepest) throw TooDeep();
        meter.Text(text.Length);
        switch (value.Type)
        {
            case Types.Null: text.Append("null"); return true;
            case Types.Boolean: text.Append(value.AsBoolean() ? "true" : "false"); return true;
            case Types.Number: text.Append(double.IsFinite(value.AsNumber()) ? TypeConverter.ToString(value) : "null"); return true;
            case Types.String: Quote(value.AsString(), text); return true;
            case Types.Object: return WriteObject(value.AsObject(), text, indent, depth);
            default: return false;
        }
    }

    private bool WriteObject(ObjectInstance made, StringBuilder text, string indent, int depth)
    {
        meter.Tick();
        if (made is FunctionInstance) return false;
        if (made is DecimalInstance exact)
        {
            text.Append(exact);
            return true;
        }
        if (made is IPrimitiveInstance primitive) return Write(primitive.PrimitiveValue, text, indent, depth);
        if (made.Get("toJSON").TryCast<FunctionInstance>() is { } convert) return Write(convert.Call(made, []), text, indent, depth + 1);
        if (made is Jint.Native.Array.ArrayInstance list) WriteList(list, text, indent, depth);
        else WriteProperties(made, text, indent, depth);
        return true;
    }

    private void WriteList(ObjectInstance list, StringBuilder text, string indent, int depth)
    {
        var length = list.Get("length").AsNumber();
        meter.Elements(length);
        text.Append('[');
        for (var index = 0; index < length; index++)
        {
            if (index > 0) text.Append(',');
            Line(text, indent, depth + 1);
            if (!Write(list.Get(index.ToString(System.Globalization.CultureInfo.InvariantCulture)), text, indent, depth + 1)) text.Append("null");
        }
        if (length > 0) Line(text, indent, depth);
        text.Append(']');
    }

    private void WriteProperties(ObjectInstance made, StringBuilder text, string indent, int depth)
    {
        text.Append('{');
        var empty = true;
        foreach (var (name, property) in made.GetOwnProperties().ToList())
        {
            if (property.Enumerable != true) continue;
            var start = text.Length;
            if (!empty) text.Append(',');
            Line(text, indent, depth + 1);
            Quote(name, text);
            text.Append(indent.Length > 0 ? ": " : ":");
            if (Write(made.Get(name), text, indent, depth + 1)) empty = false;
            else text.Length = start;
        }
        if (!empty) Line(text, indent, depth);
        text.Append('}');
    }

    private static void Line(StringBuilder text, string indent, int depth)
    {
        if (indent.Length == 0) return;
        text.Append('\n');
        for (var level = 0; level < depth; level++) text.Append(indent);
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        for (var at = 0; at < value.Length; at++)
        {
            var character = value[at];
            if (character is '"' or '\\') text.Append('\\').Append(character);
            else if (character < ' ' || Surrogates.IsHalf(value, at)) text.Append("\\u").Append(((int)character).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else text.Append(character);
        }
        text.Append('"');
    }

    private static LimitReached TooDeep() => new("rule_recursion_limit", $"A value is nested deeper than {Deepest} levels, or contains itself.");
}
