using Xrm.Data.Errors;
using Xrm.Data.Publishing;

namespace Xrm.Data;

/// <summary>The model in force on this node: one reference that a publish swaps. Requests take it once and keep what they took.</summary>
public sealed class CurrentModel(ModelLoader loader)
{
    private readonly Lock _swap = new();
    private readonly ColumnTypes _types = new();
    private PublishedModel? _value;
    private PublishedModel? _coming;

    /// <summary>The model in force.</summary>
    /// <exception cref="XrmException">503: none is loaded yet.</exception>
    public PublishedModel Value => Volatile.Read(ref _value) ?? throw new XrmException("not_ready", 503, "The server is still starting.");

    /// <summary>Loads what is published, unless that is what is in force already.</summary>
    /// <returns>As of <see cref="Swap"/>.</returns>
    /// <exception cref="XrmException">503: the database cannot be reached; 500: the stored packages do not compile.</exception>
    public async Task<bool> LoadAsync(CancellationToken ct) =>
        await loader.LoadAsync(Volatile.Read(ref _value), Volatile.Read(ref _coming), ct) is { } newer && Swap(newer);

    /// <summary>Tells of a model that is about to be committed: who hears of the commit before <see cref="Swap"/> need not make it once more.</summary>
    public void Expect(PublishedModel next) => Volatile.Write(ref _coming, next);

    /// <summary>Puts a model into force. An older one than the present is ignored, or one with more fields to be computed: two loads may end in the wrong order.</summary>
    /// <returns>True where columns have other types than before: statements that connections have prepared cannot be run any more.</returns>
    public bool Swap(PublishedModel next)
    {
        lock (_swap)
        {
            if (_value is { } present && (present.Version > next.Version || (present.Version == next.Version && present.Unfilled.Count <= next.Unfilled.Count))) return false;
            Volatile.Write(ref _value, next);
            return _types.Change(next);
        }
    }
}
