namespace Xrm.Scripting.Sandbox;

/// <summary>Work for a thread of scripts, and the task of those who wait for it.</summary>
/// <param name="work">What is to be done.</param>
/// <param name="waiting">Where those who wait go on: on this thread, or with <see cref="TaskCreationOptions.RunContinuationsAsynchronously"/> on another.</param>
internal sealed class ScriptWork<T>(Func<T> work, TaskCreationOptions waiting)
{
    private readonly TaskCompletionSource<T> _done = new(waiting);

    public Task<T> Done => _done.Task;

    /// <summary>Does the work, and tells those who wait.</summary>
    public void Run()
    {
        T result;
        try
        {
            result = work();
        }
        catch (Exception exception)
        {
            _done.SetException(exception);
            return;
        }
        _done.SetResult(result);
    }
}
