using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;

namespace Xrm.Scripting.Sandbox;

/// <summary>Stands before a built-in constructor and looks at its arguments first.</summary>
internal sealed class GuardedConstructor : FunctionInstance, IConstructor
{
    private readonly FunctionInstance _original;
    private readonly Action<JsValue[]> _check;

    public GuardedConstructor(Engine engine, FunctionInstance original, Action<JsValue[]> check) : base(engine, [], null, false)
    {
        _original = original;
        _check = check;
        Prototype = engine.Function.PrototypeObject;
        Extensible = true;
        foreach (var (name, property) in original.GetOwnProperties().ToList()) FastSetProperty(name, property);
    }

    public override JsValue Call(JsValue thisObject, JsValue[] arguments)
    {
        _check(arguments);
        return _original.Call(thisObject, arguments);
    }

    public ObjectInstance Construct(JsValue[] arguments)
    {
        _check(arguments);
        return ((IConstructor)_original).Construct(arguments);
    }

    public override bool HasInstance(JsValue value) => _original.HasInstance(value);
}
