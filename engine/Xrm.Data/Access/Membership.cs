using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>Where a user stands in the organisation: what the depths of rights are measured by.</summary>
/// <param name="Unit">Business unit of the user; null where they are in none.</param>
/// <param name="UnitsBelow">That unit and all units below it; empty where the user is in none.</param>
/// <param name="Teams">Teams of which the user is a member.</param>
/// <param name="Reports">People who report to the user, directly or through others; never the user.</param>
/// <param name="Shares">Marks that change with what is shared with the user or one of the teams; empty where nothing ever was.</param>
public sealed record Membership(Guid? Unit, ImmutableArray<Guid> UnitsBelow, ImmutableArray<Guid> Teams, ImmutableArray<Guid> Reports, ImmutableArray<Guid> Shares)
{
    /// <summary>Of somebody who belongs nowhere.</summary>
    public static Membership None { get; } = new(null, [], [], [], []);

    /// <summary>Values of the user's own record by column, which formulas can ask for; those that are null are missing.</summary>
    public IReadOnlyDictionary<string, object> Values { get; init; } = FrozenDictionary<string, object>.Empty;

    /// <summary>Those of the values that formulas of the model ask for, as one text.</summary>
    public string Asked { get; init; } = "";

    /// <summary>A text that two memberships share exactly where all their parts are the same that decide what is seen.</summary>
    public string Fingerprint => field ??= string.Join(';', [Unit?.ToString(), Asked, .. new[] { UnitsBelow, Teams, Reports, Shares }.Select(ids => string.Join(',', ids.Order()))]);
}
