using System.Collections.Concurrent;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Threads of our own for scripts: their deep stack keeps a chain of prototypes or a long sum from overflowing it, which no
/// .NET program survives, and a script that is slow takes no thread from the web server.
/// </summary>
internal sealed class ScriptThreads(int most) : IDisposable
{
    private const int StackBytes = 64 * 1024 * 1024;
    private readonly SemaphoreSlim _free = new(most);
    private readonly ConcurrentStack<Worker> _idle = new();
    private volatile bool _disposed;

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        // The caller goes on here, up to where it waits for something else: to wake a thread for it would cost as much as most scripts.
        var done = new ScriptWork<T>(work, TaskCreationOptions.None);
        var worker = _idle.TryPop(out var rested) ? rested : new Worker();
        worker.Start(() =>
        {
            done.Run();
            Rest(worker);
        });
        return await done.Done;
    }

    private void Rest(Worker worker)
    {
        if (_disposed) worker.Dispose();
        else _idle.Push(worker);
        _free.Release();
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var worker)) worker.Dispose();
    }

    private sealed class Worker : IDisposable
    {
        private readonly BlockingCollection<Action> _work = new(1);

        public Worker() => new Thread(Loop, StackBytes) { IsBackground = true, Name = "xrm script" }.Start();

        public void Start(Action work) => _work.Add(work);

        public void Dispose() => _work.CompleteAdding();

        private void Loop()
        {
            foreach (var work in _work.GetConsumingEnumerable()) work();
        }
    }
}
