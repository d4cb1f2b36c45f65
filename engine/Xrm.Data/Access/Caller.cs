using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Formulas;
using Xrm.Metadata.Source;
using Expression = Xrm.Metadata.Compiled.Expression;
using Model = Xrm.Metadata.Compiled.Model;
using ScriptAction = Xrm.Metadata.Compiled.ScriptAction;

namespace Xrm.Data.Access;

/// <summary>
/// Who asks, and what the roles of the model in force grant. What no role grants is denied; administrators and the
/// system itself may do everything.
/// </summary>
public sealed class Caller
{
    private readonly ImmutableArray<Role> _roles;
    private readonly FrozenDictionary<(string Role, string Entity), Expression> _filters;
    private readonly bool _hasEveryRight;

    /// <summary>Describes a signed-in user.</summary>
    /// <param name="userId">Id of the user.</param>
    /// <param name="userName">Sign-in name.</param>
    /// <param name="displayName">Name that people see.</param>
    /// <param name="roles">Names of the user's roles; names that the model does not know grant nothing.</param>
    /// <param name="isAdministrator">May do everything.</param>
    /// <param name="model">The model in force, which says what the roles grant.</param>
    public Caller(Guid userId, string userName, string displayName, ImmutableHashSet<string> roles, bool isAdministrator, Model model)
    {
        UserId = userId;
        UserName = userName;
        DisplayName = displayName;
        Roles = roles;
        IsUserAdministrator = isAdministrator;
        _hasEveryRight = isAdministrator;
        // In one order, so that a statement with the filters of several is always written alike.
        _roles = [.. roles.Order(StringComparer.Ordinal).Select(name => model.Roles.GetValueOrDefault(name)).OfType<Role>()];
        _filters = model.RowFilters;
    }

    private Caller(Guid userId, string name)
    {
        UserId = userId;
        UserName = name;
        DisplayName = name;
        Roles = [];
        IsSystem = true;
        _hasEveryRight = true;
        _roles = [];
        _filters = FrozenDictionary<(string, string), Expression>.Empty;
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

    /// <summary>May do what only administrators may.</summary>
    public bool IsAdministrator => IsUserAdministrator && (Scope is null || Scope.IncludesAdministration);

    /// <summary>The user is an administrator, whatever the scope of the token leaves of that.</summary>
    public bool IsUserAdministrator { get; }

    /// <summary>What the access token in use is limited to; null for all that the user may do.</summary>
    public TokenScope? Scope { get; init; }

    /// <summary>An administrator sees the application with these rights in place of their own, and can change nothing meanwhile.</summary>
    public bool IsPreview { get; init; }

    /// <summary>The engine itself.</summary>
    public bool IsSystem { get; }

    /// <summary>Longest time that the database may take over a statement for the caller, zero for none; null where nobody waits for it.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Where the caller stands in the organisation; nowhere unless it is said.</summary>
    public Membership Membership { get; init; } = Membership.None;

    /// <summary>The caller as formulas see them: what <c>user</c> means there.</summary>
    public FormulaUser User => field ??= new FormulaUser(UserId, UserName, DisplayName, [.. Roles]) { Values = Membership.Values };

    /// <summary>No rights need to be looked up.</summary>
    public bool IsUnlimited => _hasEveryRight && Scope is null;

    /// <summary>Whether any of the caller's roles grants it, be it for few records.</summary>
    public bool Can(Metadata.Compiled.Entity entity, Operation operation) => Depth(entity, operation) != Access.Depth.None || SeesReports(entity, operation);

    /// <summary>What each of the caller's roles grants; nothing is needed by administrators and the system.</summary>
    public IEnumerable<RoleGrant> Grants(Metadata.Compiled.Entity entity, Operation operation) => _roles.Select(role =>
    {
        var rights = RightsOf(role, entity);
        return new RoleGrant(role, rights?.DepthOf(operation) ?? Access.Depth.None, operation == Operation.Read && rights is { ReadReports: true }, FilterOf(role, entity));
    });

    /// <summary>The least depth that reaches a record with that owner and that owning unit.</summary>
    /// <param name="owner">The owner; null for a record without.</param>
    /// <param name="unit">The owning unit; null for a record without.</param>
    public Depth Distance(Guid? owner, Guid? unit) => (owner, unit) switch
    {
        ({ } person, _) when person == UserId => Access.Depth.Own,
        ({ } team, _) when Membership.Teams.Contains(team) => Access.Depth.Team,
        (_, { } place) when place == Membership.Unit => Access.Depth.Unit,
        (_, { } place) when Membership.UnitsBelow.Contains(place) => Access.Depth.UnitAndBelow,
        _ => Access.Depth.Organisation,
    };

    /// <summary>The furthest depth that any of the caller's roles grants.</summary>
    public Depth Depth(Metadata.Compiled.Entity entity, Operation operation)
    {
        if (Scope?.Includes(entity.Name, operation) == false) return Access.Depth.None;
        if (_hasEveryRight) return Access.Depth.Organisation;
        var depth = Access.Depth.None;
        foreach (var role in _roles)
        {
            var granted = RightsOf(role, entity)?.DepthOf(operation) ?? Access.Depth.None;
            if (granted > depth) depth = granted;
        }
        return depth < Access.Depth.Organisation && !entity.IsUserOwned ? Access.Depth.None : depth;
    }

    /// <summary>The caller and their teams, as far as something is or was shared with them; empty where no share can matter.</summary>
    public ImmutableArray<Guid> SharesWith => IsUnlimited || Membership.Shares.IsEmpty ? [] : [UserId, .. Membership.Teams];

    /// <summary>The records that the caller's roles reach.</summary>
    public Reach Reach(Metadata.Compiled.Entity entity, Operation operation)
    {
        if (Scope?.Includes(entity.Name, operation) == false) return Access.Reach.Nothing;
        if (_hasEveryRight) return Access.Reach.Everything;
        var (furthest, plain, withReports) = (Access.Depth.None, Access.Depth.None, false);
        var filtered = ImmutableArray<FilteredReach>.Empty;
        foreach (var role in _roles)
        {
            if (RightsOf(role, entity) is not { } rights) continue;
            var (depth, reports) = (rights.DepthOf(operation), operation == Operation.Read && entity.IsUserOwned && rights.ReadReports);
            if (depth < Access.Depth.Organisation && !entity.IsUserOwned) depth = Access.Depth.None;
            furthest = depth > furthest ? depth : furthest;
            if (FilterOf(role, entity) is { } filter) filtered = depth == Access.Depth.None && !reports ? filtered : filtered.Add(new FilteredReach(filter, Of(depth, reports)));
            else (plain, withReports) = (depth > plain ? depth : plain, withReports || reports);
        }
        if (plain == Access.Depth.Organisation) return Access.Reach.Everything;
        // A share reaches further with a right that a role grants; it grants none to somebody who has none.
        var shared = furthest >= Access.Depth.Own && entity.IsUserOwned && SharesWith is { IsEmpty: false } principals && operation.Right() is not ShareRights.None and var right ? new SharedReach(principals, right) : null;
        return Of(plain, withReports).With(shared, filtered);
    }

    /// <summary>The records within a depth.</summary>
    private Reach Of(Depth depth, bool withReports)
    {
        if (depth == Access.Depth.Organisation) return Access.Reach.Everything;
        var owners = ImmutableArray.CreateBuilder<Guid>();
        if (depth >= Access.Depth.Own) owners.Add(UserId);
        if (depth >= Access.Depth.Team) owners.AddRange(Membership.Teams);
        if (withReports) owners.AddRange(Membership.Reports);
        return Access.Reach.Of(owners.ToImmutable(), depth switch
        {
            Access.Depth.UnitAndBelow => Membership.UnitsBelow,
            Access.Depth.Unit when Membership.Unit is { } unit => [unit],
            _ => [],
        });
    }

    /// <summary>True where the field's own rule lets the caller see its values (the right to read the record is a separate matter).</summary>
    public bool CanReadField(Metadata.Compiled.Field field) => _hasEveryRight || IsAmong(field.Source.Access?.Read);

    /// <summary>Which part the caller sees of the values of a field that they may not read: <see cref="FieldAccess.Mask"/>; null for nothing, and where they may read it.</summary>
    public string? MaskOf(Metadata.Compiled.Field field) =>
        field.Source.Access is { Masked.IsDefaultOrEmpty: false } access && !CanReadField(field) && (access.Masked.Contains("*") || IsAmong(access.Masked)) ? access.Mask : null;

    /// <summary>True where the caller sees the values of a field, or a part of them.</summary>
    public bool SeesField(Metadata.Compiled.Field field) => CanReadField(field) || MaskOf(field) is not null;

    /// <summary>True where the field's own rule lets the caller change its values.</summary>
    public bool CanWriteField(Metadata.Compiled.Field field) => _hasEveryRight || (IsAmong(field.Source.Access?.Read) && IsAmong(field.Source.Access?.Write));

    /// <summary>True where the caller may change packages, some or all.</summary>
    public bool DesignsAny => IsAdministrator || (Scope is null or { IncludesAdministration: true } && _roles.Any(role => !role.Designs.IsEmpty));

    /// <summary>True where the caller may change a package and publish it; but for an administrator, not its roles.</summary>
    /// <param name="package">Name of the package.</param>
    public bool Designs(string package) => IsAdministrator || (DesignsAny && _roles.Any(role => role.Designs.Contains(package)));

    /// <summary>True where the list is empty (everybody) or names one of the caller's roles.</summary>
    public bool HasAny(ImmutableArray<string> roles) => _hasEveryRight || IsAmong(roles);

    /// <summary>True where the caller may run an action: of a record, as one of its roles who may update such records; of none, as one of its roles, and where it names none as an administrator.</summary>
    public bool MayRun(ScriptAction action) =>
        IsInScope(action) && (_hasEveryRight || (IsAmong(action.Source.Roles) && (action.Entity is { } entity ? Can(entity, Operation.Update) : !action.Source.Roles.IsEmpty)));

    // What an action of no entity changes is not known beforehand.
    private bool IsInScope(ScriptAction action) => Scope is null || (action.Entity is { } entity ? Scope.Includes(entity.Name, Operation.Update) : Scope is { CanWrite: true, Entities.IsEmpty: true });

    private bool IsAmong(ImmutableArray<string>? roles) => roles is not { IsDefaultOrEmpty: false } some || some.Any(Roles.Contains);

    private bool SeesReports(Metadata.Compiled.Entity entity, Operation operation) =>
        operation == Operation.Read && entity.IsUserOwned && Scope?.Includes(entity.Name, operation) != false && _roles.Any(role => RightsOf(role, entity) is { ReadReports: true });

    // What stands for all other entities has no filter.
    private Expression? FilterOf(Role role, Metadata.Compiled.Entity entity) => _filters.GetValueOrDefault((role.Name, entity.Name));

    /// <summary>What a role grants for an entity; null for nothing.</summary>
    internal static Rights? RightsOf(Role role, Metadata.Compiled.Entity entity) => role.Entities.GetValueOrDefault(entity.Name) ?? role.Entities.GetValueOrDefault("*");
}
