namespace Xrm.Data;

/// <summary>
/// Lets many requests share round trips: a few go at a time, and those that come meanwhile wait and go together as soon as one of the few
/// is done. Nobody waits while there is little to do, and the more there is the less each costs.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
/// <param name="mostTogether">Most that go together.</param>
/// <param name="together">Carries out those that waited; never throws.</param>
internal sealed class Lanes<T>(int mostTogether, Func<List<T>, Task> together)
{
    private static readonly int Most = Math.Max(2, Environment.ProcessorCount);

    private readonly Lock _gate = new();
    private readonly Queue<T> _waiting = [];
    private int _busy;

    /// <summary>Carries the item out, alone where there is a lane; otherwise it goes together with others, and this returns before.</summary>
    public async Task RunAsync(T item)
    {
        if (!TryEnter(item)) return;
        try
        {
            await together([item]);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Takes a lane, which <see cref="Leave"/> gives back; where all are taken, the item waits until it goes together with others.</summary>
    /// <returns>True where there is a lane; false where the item waits.</returns>
    public bool TryEnter(T item)
    {
        lock (_gate)
        {
            if (_busy < Most)
            {
                _busy++;
                return true;
            }
            _waiting.Enqueue(item);
            return false;
        }
    }

    /// <summary>Gives the lane to those who wait.</summary>
    public void Leave()
    {
        var next = new List<T>();
        lock (_gate)
        {
            while (next.Count < mostTogether && _waiting.TryDequeue(out var waiting)) next.Add(waiting);
            if (next.Count == 0) _busy--;
        }
        if (next.Count > 0) _ = Task.Run(() => GoAsync(next));
    }

    private async Task GoAsync(List<T> next)
    {
        try
        {
            await together(next);
        }
        finally
        {
            Leave();
        }
    }
}
