using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>Where a user stands in the organisation: what the depths of rights are measured by.</summary>
/// <param name="Unit">Business unit of the user; null where they are in none.</param>
/// <param name="UnitsBelow">That unit and all units below it; empty where the user is in none.</param>
/// <param name="Teams">Teams of which the user is a member.</param>
/// <param name="Reports">People who report to the user, directly or through others; never the user.</param>
public sealed record Membership(Guid? Unit, ImmutableArray<Guid> UnitsBelow, ImmutableArray<Guid> Teams, ImmutableArray<Guid> Reports)
{
    /// <summary>Of somebody who belongs nowhere.</summary>
    public static Membership None { get; } = new(null, [], [], []);

    /// <summary>A text that two memberships share exactly where all their parts are the same.</summary>
    public string Fingerprint => field ??= string.Join(';', [Unit?.ToString(), .. new[] { UnitsBelow, Teams, Reports }.Select(ids => string.Join(',', ids.Order()))]);
}
