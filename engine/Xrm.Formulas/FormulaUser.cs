using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Formulas;

/// <summary>The person for whom a formula is evaluated: what <c>user</c> means in it.</summary>
/// <param name="Id">Id of the user; what lookups to users hold.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="DisplayName">What people call the user.</param>
/// <param name="Roles">Names of the user's roles.</param>
public sealed record FormulaUser(Guid Id, string Name, string DisplayName, ImmutableArray<string> Roles)
{
    /// <summary>Name of the entity whose records describe the users: what <c>user.region</c> asks for is its field <c>region</c>.</summary>
    public const string Entity = "user";

    /// <summary>Nobody: what formulas see that do not ask for the user.</summary>
    public static FormulaUser Nobody { get; } = new(Guid.Empty, "", "", []);

    /// <summary>Values of the user's record by column, in the CLR types of the columns; those that are null or not known are missing.</summary>
    public IReadOnlyDictionary<string, object> Values { get; init; } = FrozenDictionary<string, object>.Empty;
}
