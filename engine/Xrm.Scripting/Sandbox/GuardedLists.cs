using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Xrm.Scripting.Sandbox;

/// <summary>List built-ins that can make much out of little: <c>join</c>, <c>concat</c>, <c>new Array(n)</c>.</summary>
internal sealed class GuardedLists(Engine engine, Meter meter)
{
    public void Install()
    {
        var prototype = engine.Array.PrototypeObject;
        var concat = prototype.Get("concat");
        GuardedEngine.Set(prototype, "join", new ClrFunctionInstance(engine, (self, arguments) =>
            Join(self, arguments.Length > 0 && !arguments[0].IsUndefined() ? TypeConverter.ToString(arguments[0]) : ",")));
        foreach (var name in new[] { "toString", "toLocaleString" })
            GuardedEngine.Set(prototype, name, new ClrFunctionInstance(engine, (self, _) => Join(self, ",")));
        GuardedEngine.Set(prototype, "concat", new ClrFunctionInstance(engine, (self, arguments) =>
        {
            meter.Elements(arguments.Append(self).Sum(Length));
            return concat.Invoke(self, arguments);
        }));
        GuardedEngine.Set(engine.Global, "Array", new GuardedConstructor(engine, engine.Array, arguments =>
        {
            if (arguments.Length == 1 && arguments[0].IsNumber()) meter.Elements(arguments[0].AsNumber());
        }));
        GuardedEngine.Set(prototype, "constructor", engine.Global.Get("Array"));
    }

    private JsValue Join(JsValue self, string separator)
    {
        meter.Tick();
        if (!self.IsObject()) return "";
        var list = self.AsObject();
        var length = Length(self);
        meter.Elements(length);
        meter.Text((long)(Math.Max(0, length - 1) * separator.Length));
        var text = new StringBuilder();
        for (var index = 0; index < length; index++)
        {
            if (index > 0) text.Append(separator);
            text.Append(Element(list, index));
            meter.Text(text.Length);
        }
        return text.ToString();
    }

    private static string Element(ObjectInstance list, int index)
    {
        var value = list.Get(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return value.IsUndefined() || value.IsNull() ? "" : TypeConverter.ToString(value);
    }

    private static double Length(JsValue value) => value.IsObject() && value.AsObject().Get("length") is { } length && length.IsNumber() ? length.AsNumber() : 1;
}
