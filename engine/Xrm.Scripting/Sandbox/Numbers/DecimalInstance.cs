using Jint;
using Jint.Native.Object;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>A number that no JavaScript number can hold exactly: more than 15 digits, or a whole one beyond 2^53.</summary>
internal sealed class DecimalInstance : ObjectInstance
{
    public DecimalInstance(Engine engine, ObjectInstance prototype, decimal value) : base(engine)
    {
        Value = value;
        Prototype = prototype;
        Extensible = false;
    }

    public decimal Value { get; }

    public override string Class => "Number";

    /// <summary>All digits.</summary>
    public override string ToString() => Exact.Text(Value);
}
