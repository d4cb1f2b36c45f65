using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;

namespace Xrm.Scripting.Sandbox;

/// <summary>The constructor <c>RegExp</c> of scripts.</summary>
internal sealed class GuardedRegExp : FunctionInstance, IConstructor
{
    private readonly GuardedTexts _texts;

    public GuardedRegExp(Engine engine, GuardedTexts texts) : base(engine, [], null, false)
    {
        _texts = texts;
        Prototype = engine.Function.PrototypeObject;
        Extensible = true;
        FastAddProperty("prototype", engine.RegExp.PrototypeObject, false, false, false);
    }

    public override JsValue Call(JsValue thisObject, JsValue[] arguments) => _texts.Build(arguments);

    public ObjectInstance Construct(JsValue[] arguments) => _texts.Build(arguments);
}
