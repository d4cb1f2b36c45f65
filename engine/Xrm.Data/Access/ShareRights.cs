using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>What a share lets its receiver do with a record, as far as a role of theirs grants it for records of their own.</summary>
[Flags]
public enum ShareRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See it; every share does.</summary>
    Read = 1,

    /// <summary>Change it.</summary>
    Update = 2,

    /// <summary>Delete it.</summary>
    Delete = 4,

    /// <summary>Give it to another owner.</summary>
    Assign = 8,

    /// <summary>Share it with others.</summary>
    Share = 16,
}

/// <summary>The shares by which a right reaches records.</summary>
/// <param name="Principals">The person and their teams.</param>
/// <param name="Right">What the share must let them do.</param>
public sealed record SharedReach(ImmutableArray<Guid> Principals, ShareRights Right);

/// <summary>Connects operations with the rights that shares give.</summary>
public static class SharedOperations
{
    /// <summary>The right that a share must give for an operation; <see cref="ShareRights.None"/> where none can.</summary>
    public static ShareRights Right(this Operation operation) => operation switch
    {
        Operation.Read => ShareRights.Read,
        Operation.Update => ShareRights.Update,
        Operation.Delete => ShareRights.Delete,
        Operation.Assign => ShareRights.Assign,
        Operation.Share => ShareRights.Share,
        _ => ShareRights.None,
    };
}
