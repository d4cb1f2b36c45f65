using System.Threading.Channels;
using Xrm.Data.Access;
using Xrm.Data.Changes;

namespace Xrm.Server.Features.Changes;

/// <summary>One connection that is told of changes. What it has not taken yet waits here, up to a limit.</summary>
/// <param name="caller">Whose rights hold.</param>
/// <param name="secretHash">Hash of the secret of the session or token; when that ends, so does this.</param>
/// <param name="withValues">The connection shows values.</param>
internal sealed class ChangeSubscription(Caller caller, byte[] secretHash, bool withValues) : IDisposable
{
    /// <summary>Changes that may wait for one connection.</summary>
    private const int MostWaiting = 5_000;

    /// <summary>Who takes nothing for so long after the end is cut off.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Channel<ChangePage> _pages = Channel.CreateUnbounded<ChangePage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _cut = new();
    private int _waiting;
    private string? _end;

    /// <summary>Whose rights hold.</summary>
    public Caller Caller => caller;

    /// <summary>Hash of the secret of the session or token.</summary>
    public byte[] SecretHash => secretHash;

    /// <summary>The connection shows values.</summary>
    public bool WithValues => withValues;

    /// <summary>Why it ended, as a stable code; null while it has not.</summary>
    public string? End => Volatile.Read(ref _end);

    /// <summary>Cancelled some time after the end.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Gives changes to the connection; one that does not take them fast enough is ended and may come again.</summary>
    public void Offer(ChangePage page)
    {
        if (Interlocked.Add(ref _waiting, page.Changes.Length) > MostWaiting) Finish("too_slow");
        else _pages.Writer.TryWrite(page);
    }

    /// <summary>Ends it.</summary>
    public void Finish(string code)
    {
        if (Interlocked.CompareExchange(ref _end, code, null) is not null) return;
        _pages.Writer.TryComplete();
        _cut.CancelAfter(Farewell);
    }

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => !_pages.Reader.TryPeek(out _);

    /// <summary>The next changes; null where there are none for a while, or where it has ended.</summary>
    public async Task<ChangePage?> TakeAsync(TimeSpan most, CancellationToken ct)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        pause.CancelAfter(most);
        try
        {
            if (!await _pages.Reader.WaitToReadAsync(pause.Token) || !_pages.Reader.TryRead(out var page)) return null;
            Interlocked.Add(ref _waiting, -page.Changes.Length);
            return page;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();
}
