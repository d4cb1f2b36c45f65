using Xrm.Data.Errors;
using Xrm.Data.Publishing;

namespace Xrm.Data;

/// <summary>The model in force on this node: one reference that a publish swaps. Requests take it once and keep what they took.</summary>
public sealed class CurrentModel(ModelLoader loader)
{
    private PublishedModel? _value;

    /// <summary>The model in force.</summary>
    /// <exception cref="XrmException">503: none is loaded yet.</exception>
    public PublishedModel Value => Volatile.Read(ref _value) ?? throw new XrmException("not_ready", 503, "The server is still starting.");

    /// <summary>Loads what is published, unless that is what is in force already.</summary>
    /// <exception cref="XrmException">503: the database cannot be reached; 500: the stored packages do not compile.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (await loader.LoadAsync(Volatile.Read(ref _value)?.Version ?? -1, ct) is { } newer) Swap(newer);
    }

    /// <summary>Puts a model into force. An older one than the present is ignored: two loads may end in the wrong order.</summary>
    public void Swap(PublishedModel next)
    {
        while (Volatile.Read(ref _value) is var present && (present is null || present.Version < next.Version))
            if (Interlocked.CompareExchange(ref _value, next, present) == present)
                return;
    }
}
