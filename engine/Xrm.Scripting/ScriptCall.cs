using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Scripting;

/// <summary>What a script sees.</summary>
/// <param name="Record">Values of the record by column name, in the CLR types of its columns.</param>
/// <param name="Previous">Values before the save, by column name; null while the record is created.</param>
/// <param name="User">Who saves.</param>
/// <param name="UtcNow">The time of the save.</param>
public sealed record ScriptCall(
    IReadOnlyDictionary<string, object?> Record,
    IReadOnlyDictionary<string, object?>? Previous,
    ScriptUser User,
    DateTime UtcNow);

/// <summary>The person who saves, as scripts see them: <c>user.id</c>, <c>user.userName</c>, <c>user.name</c>, <c>user.roles</c>.</summary>
/// <param name="Id">Id of the user.</param>
/// <param name="UserName">Sign-in name.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="Roles">Names of the user's roles.</param>
public sealed record ScriptUser(Guid Id, string UserName, string DisplayName, ImmutableArray<string> Roles);

/// <summary>What a script did.</summary>
/// <param name="Changes">New values by column name, in the CLR types of the columns; only values that differ.</param>
/// <param name="Failures">Refusals, in the order of the calls of <c>fail</c>.</param>
/// <param name="Log">Lines written by <c>log</c>.</param>
public sealed record ScriptOutcome(
    ImmutableDictionary<string, object?> Changes,
    ImmutableArray<ScriptFailure> Failures,
    ImmutableArray<string> Log);

/// <summary>A call of <c>fail</c>.</summary>
/// <param name="Field">Field to mark; null where the record as a whole is refused.</param>
/// <param name="Message">What to tell the person, as the script wrote it.</param>
public sealed record ScriptFailure(Field? Field, string Message);
