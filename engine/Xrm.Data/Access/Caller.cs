using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Data.Access;

/// <summary>
/// Who asks, and what the roles of the model in force grant. What no role grants is denied; administrators and the
/// system itself may do everything.
/// </summary>
public sealed class Caller
{
    private readonly ImmutableArray<Role> _roles;

    /// <summary>Describes a signed-in user.</summary>
    /// <param name="userId">Id of the user.</param>
    /// <param name="userName">Sign-in name.</param>
    /// <param name="displayName">Name that people see.</param>
    /// <param name="roles">Names of the user's roles; names that the model does not know grant nothing.</param>
    /// <param name="isAdministrator">May do everything.</param>
    /// <param name="modelRoles">The roles of the model in force, by name.</param>
    public Caller(Guid userId, string userName, string displayName, ImmutableHashSet<string> roles, bool isAdministrator, FrozenDictionary<string, Role> modelRoles)
    {
        UserId = userId;
        UserName = userName;
        DisplayName = displayName;
        Roles = roles;
        IsAdministrator = isAdministrator;
        _roles = [.. roles.Select(name => modelRoles.GetValueOrDefault(name)).OfType<Role>()];
    }

    private Caller(Guid userId, string name)
    {
        UserId = userId;
        UserName = name;
        DisplayName = name;
        Roles = [];
        IsSystem = true;
        _roles = [];
    }

    /// <summary>The engine itself: starter data, workflows, jobs. May do everything; its id stands in <c>created_by</c>.</summary>
    public static Caller System { get; } = new(new Guid("00000000-0000-7000-8000-000000000001"), "system");

    /// <summary>Id of the user.</summary>
    public Guid UserId { get; }

    /// <summary>Sign-in name.</summary>
    public string UserName { get; }

    /// <summary>Name that people see.</summary>
    public string DisplayName { get; }

    /// <summary>Names of the user's roles.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>May do everything.</summary>
    public bool IsAdministrator { get; }

    /// <summary>The engine itself.</summary>
    public bool IsSystem { get; }

    /// <summary>Longest time that the database may take over a statement for the caller, zero for none; null where nobody waits for it.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>No rights need to be looked up.</summary>
    public bool IsUnlimited => IsAdministrator || IsSystem;

    /// <summary>The furthest depth that any of the caller's roles grants.</summary>
    public Depth Depth(Metadata.Compiled.Entity entity, Operation operation)
    {
        if (IsUnlimited) return Access.Depth.Organisation;
        var depth = Access.Depth.None;
        foreach (var role in _roles)
        {
            var rights = role.Entities.GetValueOrDefault(entity.Name) ?? role.Entities.GetValueOrDefault("*");
            var granted = ParseDepth(rights, operation);
            if (granted > depth) depth = granted;
        }
        return depth == Access.Depth.Own && !entity.IsUserOwned ? Access.Depth.None : depth;
    }

    /// <summary>True where the field's own rule lets the caller see its values (the right to read the record is a separate matter).</summary>
    public bool CanReadField(Metadata.Compiled.Field field) => IsUnlimited || IsAmong(field.Source.Access?.Read);

    /// <summary>True where the field's own rule lets the caller change its values.</summary>
    public bool CanWriteField(Metadata.Compiled.Field field) => IsUnlimited || (IsAmong(field.Source.Access?.Read) && IsAmong(field.Source.Access?.Write));

    /// <summary>True where the list is empty (everybody) or names one of the caller's roles.</summary>
    public bool HasAny(ImmutableArray<string> roles) => IsUnlimited || IsAmong(roles);

    private bool IsAmong(ImmutableArray<string>? roles) => roles is not { IsDefaultOrEmpty: false } some || some.Any(Roles.Contains);

    private static Depth ParseDepth(Rights? rights, Operation operation)
    {
        var written = operation switch
        {
            Operation.Create => rights?.Create,
            Operation.Read => rights?.Read,
            Operation.Update => rights?.Update,
            Operation.Delete => rights?.Delete,
            _ => null,
        };
        return written switch
        {
            "organisation" => Access.Depth.Organisation,
            "own" => Access.Depth.Own,
            _ => Access.Depth.None,
        };
    }
}

/// <summary>How far a right reaches; a later value includes the earlier ones.</summary>
public enum Depth
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Records that the caller owns. Entities without owners have none.</summary>
    Own,

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
}
