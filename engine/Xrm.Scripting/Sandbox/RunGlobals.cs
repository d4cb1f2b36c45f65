using System.Collections.Immutable;
using Jint.Native;
using Jint.Runtime.Descriptors;

namespace Xrm.Scripting.Sandbox;

/// <summary>What scripts see of their run: <c>record</c>, <c>user</c>, <c>now</c> and others. Each is made when a script first asks for it, since most ask for little.</summary>
internal sealed class RunGlobals
{
    private readonly ImmutableArray<Global> _all;

    /// <param name="guarded">The engine, whose built-ins are fixed already.</param>
    public RunGlobals(GuardedEngine guarded)
    {
        _all =
        [
            Add("record", run => run.Record is { } record ? record.Object : JsValue.Null),
            Add("previous", run => run.Previous()),
            Add("operation", run => run.Call.Operation),
            Add("transition", run => run.Call.Transition is { } transition ? transition : JsValue.Null),
            Add("parameters", run => run.Parameters()),
            Add("user", run => run.User()),
            Add("now", run => run.Now()),
            Add("today", run => run.Today()),
        ];

        Global Add(string name, Func<ScriptRun, JsValue> make)
        {
            var global = new Global(() => make(guarded.Run));
            guarded.Engine.Global.FastSetProperty(name, global);
            return global;
        }
    }

    /// <summary>Forgets what was made for the last run, and what its script has put in the place of it.</summary>
    public void Forget()
    {
        foreach (var global in _all) global.Forget();
    }

    private sealed class Global : PropertyDescriptor
    {
        private readonly Func<JsValue> _make;
        private JsValue? _value;

        public Global(Func<JsValue> make)
        {
            _make = make;
            (Writable, Enumerable, Configurable) = (true, false, false);
        }

        public override JsValue Value
        {
            get => _value ??= _make();
            set => _value = value;
        }

        public void Forget() => _value = null;
    }
}
