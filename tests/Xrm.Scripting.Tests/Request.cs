using Xrm.Metadata.Compiled;

namespace Xrm.Scripting.Tests;

/// <summary>Runs scripts as requests do: they have been checked before, and the thread has a small stack, of which the request has used a part.</summary>
internal static class Request
{
    private const int StackBytes = 768 * 1024;

    public static async Task<ScriptOutcome> RunAsync(ScriptEngine engine, Script script, ScriptCall call)
    {
        await engine.CheckAsync(script, CancellationToken.None);
        var begun = new TaskCompletionSource<Task<ScriptOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => begun.SetResult(engine.RunAsync(script, call, CancellationToken.None)), StackBytes).Start();
        return await await begun.Task;
    }
}
