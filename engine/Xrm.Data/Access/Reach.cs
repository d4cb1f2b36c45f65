using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Access;

/// <summary>Which records of one entity a right reaches. The same object is asked about a record in memory and written into queries, so that both agree.</summary>
public sealed record Reach
{
    /// <summary>No record.</summary>
    public static Reach Nothing { get; } = new();

    /// <summary>Every record of the organisation.</summary>
    public static Reach Everything { get; } = new() { IsAll = true };

    /// <summary>Every record.</summary>
    public bool IsAll { get; private init; }

    /// <summary>Users and teams whose records are reached.</summary>
    public ImmutableArray<Guid> Owners { get; private init; } = [];

    /// <summary>Business units whose records are reached.</summary>
    public ImmutableArray<Guid> Units { get; private init; } = [];

    /// <summary>Shares by which records are reached besides; null for none.</summary>
    public SharedReach? Shared { get; private init; }

    /// <summary>What is reached besides, as far as it fulfils a formula.</summary>
    public ImmutableArray<FilteredReach> Filtered { get; private init; } = [];

    /// <summary>It reaches something whatever the values of records are.</summary>
    public bool HasUnfiltered => IsAll || !Owners.IsEmpty || !Units.IsEmpty || Shared is not null;

    /// <summary>The records of some owners and those of some business units.</summary>
    public static Reach Of(ImmutableArray<Guid> owners, ImmutableArray<Guid> units) => owners.IsEmpty && units.IsEmpty ? Nothing : new() { Owners = owners, Units = units };

    /// <summary>What is reached besides; there is no need of it where everything is.</summary>
    /// <param name="shared">Shares; null for none.</param>
    /// <param name="filtered">What is reached as far as it fulfils a formula.</param>
    public Reach With(SharedReach? shared, ImmutableArray<FilteredReach> filtered) => IsAll || (shared is null && filtered.IsEmpty) ? this : this with { Shared = shared, Filtered = filtered };

    /// <summary>Whether a record with that owner and that owning unit is reached, whatever its values are.</summary>
    /// <param name="owner">The owner; null for a record without.</param>
    /// <param name="unit">The owning unit; null for a record without.</param>
    /// <param name="shares">What shares of the record let the person do.</param>
    public bool Includes(Guid? owner, Guid? unit, ShareRights shares) => IsAll || (Shared is { } shared && shares.HasFlag(shared.Right)) || (owner is { } person && Owners.Contains(person)) || (unit is { } place && Units.Contains(place));

    /// <summary>The formulas of which such a record has to fulfil one in order to be reached, where it is not anyway; none where it cannot be.</summary>
    /// <param name="owner">The owner; null for a record without.</param>
    /// <param name="unit">The owning unit; null for a record without.</param>
    public ImmutableArray<Expression> FiltersFor(Guid? owner, Guid? unit) =>
        Filtered.IsEmpty ? [] : [.. Filtered.Where(filtered => filtered.Within.Includes(owner, unit, ShareRights.None)).Select(filtered => filtered.Filter)];
}

/// <summary>What the right of a role with a filter reaches.</summary>
/// <param name="Filter">What a record must fulfil.</param>
/// <param name="Within">The records that are reached if they do, by owner and unit.</param>
public sealed record FilteredReach(Expression Filter, Reach Within);
