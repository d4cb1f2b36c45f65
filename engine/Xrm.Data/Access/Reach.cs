using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>Which records of one entity a right reaches. The same object is asked about a record in memory and written into queries, so that both agree.</summary>
public sealed class Reach
{
    private Reach(bool isAll, ImmutableArray<Guid> owners, ImmutableArray<Guid> units) => (IsAll, Owners, Units) = (isAll, owners, units);

    /// <summary>No record.</summary>
    public static Reach Nothing { get; } = new(false, [], []);

    /// <summary>Every record of the organisation.</summary>
    public static Reach Everything { get; } = new(true, [], []);

    /// <summary>Every record.</summary>
    public bool IsAll { get; }

    /// <summary>Users and teams whose records are reached.</summary>
    public ImmutableArray<Guid> Owners { get; }

    /// <summary>Business units whose records are reached.</summary>
    public ImmutableArray<Guid> Units { get; }

    /// <summary>The records of some owners and those of some business units.</summary>
    public static Reach Of(ImmutableArray<Guid> owners, ImmutableArray<Guid> units) => owners.IsEmpty && units.IsEmpty ? Nothing : new(false, owners, units);

    /// <summary>Whether a record with that owner and that owning unit is reached.</summary>
    /// <param name="owner">The owner; null for a record without.</param>
    /// <param name="unit">The owning unit; null for a record without.</param>
    public bool Includes(Guid? owner, Guid? unit) => IsAll || (owner is { } person && Owners.Contains(person)) || (unit is { } place && Units.Contains(place));
}
