using Jint;
using Jint.Native;
using Jint.Native.Array;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Keeps scripts from changing built-ins: what one leaves there, the next run would find. Unlike frozen ones, they do not keep a script from
/// giving its own objects properties of the same names.
/// </summary>
internal sealed class FixedBuiltIns(Engine engine)
{
    private readonly HashSet<ObjectInstance> _fixed = new(ReferenceEqualityComparer.Instance);

    /// <param name="more">What scripts can reach without a name.</param>
    public void Install(params ObjectInstance[] more)
    {
        foreach (var name in new[] { "freeze", "seal", "preventExtensions" })
        {
            if (engine.Object.GetOwnProperty(name).Value?.TryCast<FunctionInstance>() is not { } original) continue;
            GuardedEngine.Set(engine.Object, name, new ClrFunctionInstance(engine, (self, arguments) =>
                arguments.Length > 0 && arguments[0].IsObject() && _fixed.Contains(arguments[0].AsObject()) ? arguments[0] : original.Call(self, arguments)));
        }
        var left = new Stack<ObjectInstance>([engine.Global, .. more]);
        // Reachable by what they make, not by a name.
        foreach (var maker in new FunctionInstance[] { engine.Function, engine.Error, engine.EvalError, engine.TypeError, engine.RangeError, engine.ReferenceError, engine.SyntaxError, engine.UriError })
            left.Push(maker);
        while (left.TryPop(out var next))
            if (_fixed.Add(next)) Fix(next, left);
    }

    private void Fix(ObjectInstance builtIn, Stack<ObjectInstance> left)
    {
        if (builtIn.Prototype is { } prototype) left.Push(prototype);
        foreach (var (name, property) in builtIn.GetOwnProperties().ToList())
        {
            if (property.Value is not { } value) continue;
            if (value.IsObject()) left.Push(value.AsObject());
            // The length of a list does not lie among its other properties.
            if (builtIn is ArrayInstance && name == "length") property.Writable = false;
            else builtIn.FastSetProperty(name, new FixedProperty(engine, name, property));
        }
        builtIn.Extensible = false;
    }

    /// <summary>Writable as far as others inherit it, but its own value stays.</summary>
    private sealed class FixedProperty : PropertyDescriptor
    {
        private readonly Engine _engine;
        private readonly string _name;
        private readonly JsValue _value;

        public FixedProperty(Engine engine, string name, PropertyDescriptor original)
        {
            (_engine, _name, _value) = (engine, name, original.Value);
            (Writable, Enumerable, Configurable) = (original.Writable, original.Enumerable, false);
        }

        public override JsValue Value
        {
            get => _value;
            set
            {
                // The base class sets it to nothing while it is made.
                if (_engine is not null) throw new JavaScriptException(_engine.TypeError, $"{_name} is built in and cannot be changed.");
            }
        }
    }
}
