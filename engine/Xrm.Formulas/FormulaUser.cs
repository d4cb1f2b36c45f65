using System.Collections.Immutable;

namespace Xrm.Formulas;

/// <summary>The person for whom a formula is evaluated: what <c>user</c> means in it.</summary>
/// <param name="Id">Id of the user; what lookups to users hold.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="DisplayName">What people call the user.</param>
/// <param name="Roles">Names of the user's roles.</param>
public sealed record FormulaUser(Guid Id, string Name, string DisplayName, ImmutableArray<string> Roles);
