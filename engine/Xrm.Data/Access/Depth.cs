using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;

namespace Xrm.Data.Access;

/// <summary>How far a right reaches; a later value includes the earlier ones.</summary>
public enum Depth
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Records that the caller owns. Entities without owners have none.</summary>
    Own,

    /// <summary>Also records that a team of the caller owns.</summary>
    Team,

    /// <summary>Also records of the caller's business unit.</summary>
    Unit,

    /// <summary>Also records of the units below it.</summary>
    UnitAndBelow,

    /// <summary>All records of the organisation.</summary>
    Organisation,
}

/// <summary>What can be done with a record.</summary>
public enum Operation
{
    /// <summary>Make a new record.</summary>
    Create,

    /// <summary>See it.</summary>
    Read,

    /// <summary>Change it.</summary>
    Update,

    /// <summary>Delete it.</summary>
    Delete,

    /// <summary>Give it to another owner.</summary>
    Assign,

    /// <summary>Let others see it, or do more with it.</summary>
    Share,

    /// <summary>Take it out of the system in bulk.</summary>
    Export,

    /// <summary>Make it by an import of many, as far as it may be made at all.</summary>
    Import,
}

/// <summary>Reads what a role grants.</summary>
internal static class GrantedDepths
{
    /// <summary>How far the rights reach for an operation.</summary>
    public static Depth DepthOf(this Rights rights, Operation operation) => operation switch
    {
        Operation.Create => Parse(rights.Create),
        Operation.Read => Parse(rights.Read),
        Operation.Update => Parse(rights.Update),
        Operation.Delete => Parse(rights.Delete),
        Operation.Assign => Parse(rights.Assign),
        Operation.Share => Parse(rights.Share),
        Operation.Export => Parse(rights.Export),
        Operation.Import => Parse(rights.Import),
        _ => Depth.None,
    };

    // The schema of roles knows no other word.
    private static Depth Parse(string written) => Enum.TryParse<Depth>(written, ignoreCase: true, out var depth) ? depth : Depth.None;
}

/// <summary>What one role grants for an operation with records of an entity.</summary>
/// <param name="Role">The role.</param>
/// <param name="Depth">How far it reaches.</param>
/// <param name="WithReports">It also reaches the records of those who report to the user.</param>
/// <param name="Filter">What a record must fulfil besides; null for nothing.</param>
public sealed record RoleGrant(Role Role, Depth Depth, bool WithReports, Expression? Filter);
