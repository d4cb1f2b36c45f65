using System.Collections.Concurrent;

namespace Xrm.Scripting.Sandbox;

/// <summary>Engines that wait for their next run: to make one takes many times as long as a small script runs.</summary>
/// <param name="limits">What a run may take.</param>
/// <param name="most">Most engines of each kind to keep.</param>
internal sealed class EnginePool(ScriptLimits limits, int most)
{
    private readonly ConcurrentBag<GuardedEngine> _plain = [];
    private readonly ConcurrentBag<GuardedEngine> _withPrelude = [];

    /// <summary>An engine that nobody else has.</summary>
    public GuardedEngine Take(bool withPrelude) => (withPrelude ? _withPrelude : _plain).TryTake(out var engine) ? engine : new GuardedEngine(limits, withPrelude);

    /// <summary>Keeps an engine after a run that came to its end in an orderly way.</summary>
    public void GiveBack(GuardedEngine engine)
    {
        var pool = engine.HasPrelude ? _withPrelude : _plain;
        if (pool.Count < most) pool.Add(engine);
    }
}
