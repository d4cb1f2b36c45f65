using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>Which records of one entity a right reaches. The same object is asked about a record in memory and written into queries, so that both agree.</summary>
public sealed class Reach
{
    private Reach(bool isAll, ImmutableArray<Guid> owners, ImmutableArray<Guid> units, SharedReach? shared) => (IsAll, Owners, Units, Shared) = (isAll, owners, units, shared);

    /// <summary>No record.</summary>
    public static Reach Nothing { get; } = new(false, [], [], null);

    /// <summary>Every record of the organisation.</summary>
    public static Reach Everything { get; } = new(true, [], [], null);

    /// <summary>Every record.</summary>
    public bool IsAll { get; }

    /// <summary>Users and teams whose records are reached.</summary>
    public ImmutableArray<Guid> Owners { get; }

    /// <summary>Business units whose records are reached.</summary>
    public ImmutableArray<Guid> Units { get; }

    /// <summary>Shares by which records are reached besides; null for none.</summary>
    public SharedReach? Shared { get; }

    /// <summary>The records of some owners, those of some business units, and those that are shared.</summary>
    public static Reach Of(ImmutableArray<Guid> owners, ImmutableArray<Guid> units, SharedReach? shared) =>
        owners.IsEmpty && units.IsEmpty && shared is null ? Nothing : new(false, owners, units, shared);

    /// <summary>Whether a record with that owner and that owning unit is reached.</summary>
    /// <param name="owner">The owner; null for a record without.</param>
    /// <param name="unit">The owning unit; null for a record without.</param>
    /// <param name="shares">What shares of the record let the person do.</param>
    public bool Includes(Guid? owner, Guid? unit, ShareRights shares) => IsAll || (Shared is { } shared && shares.HasFlag(shared.Right)) || (owner is { } person && Owners.Contains(person)) || (unit is { } place && Units.Contains(place));
}
