using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Xrm.Scripting.Sandbox;

namespace Xrm.Scripting;

/// <summary>
/// The thread of a script that waits for its host. The scripts that the host's work leads to run on it meanwhile: were they to wait for threads of
/// their own, those who hold one and those who need one could wait for each other for ever.
/// </summary>
public sealed class ScriptThread
{
    private readonly BlockingCollection<Action> _scripts = [];

    private ScriptThread()
    {
    }

    /// <summary>Does asynchronous work and waits for it, on the script's thread.</summary>
    internal static T Wait<T>(Func<ScriptThread, Task<T>> work)
    {
        var thread = new ScriptThread();
        var (result, failure) = (default(T), default(ExceptionDispatchInfo));
        _ = Task.Run(async () =>
        {
            try
            {
                result = await work(thread);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            thread._scripts.CompleteAdding();
        });
        foreach (var script in thread._scripts.GetConsumingEnumerable()) script();
        failure?.Throw();
        return result!;
    }

    /// <summary>Runs a script here.</summary>
    internal Task<T> RunAsync<T>(Func<T> script)
    {
        var work = new ScriptWork<T>(script, TaskCreationOptions.RunContinuationsAsynchronously);
        _scripts.Add(work.Run);
        return work.Done;
    }
}
