using System.Text.Json;
using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Scripting;

/// <summary>What a script sees.</summary>
/// <param name="Record">Values of the record by column name, in the CLR types of its columns; empty where there is none.</param>
/// <param name="Previous">Values before the save, by column name; null while the record is created, and where there is none.</param>
/// <param name="User">Who saves.</param>
/// <param name="UtcNow">The time of the save.</param>
/// <param name="Host">What lies beyond the record.</param>
public sealed record ScriptCall(
    IReadOnlyDictionary<string, object?> Record,
    IReadOnlyDictionary<string, object?>? Previous,
    ScriptUser User,
    DateTime UtcNow,
    IScriptHost Host)
{
    /// <summary>What happens: <c>create</c>, <c>update</c>, <c>delete</c>, <c>action</c>, <c>schedule</c>.</summary>
    public string Operation { get; init; } = "update";

    /// <summary>Name of the transition that the record makes; null for none.</summary>
    public string? Transition { get; init; }

    /// <summary>What the caller of an action sent, by name: a JSON object; undefined where there is nothing.</summary>
    public JsonElement Parameters { get; init; }

    /// <summary>The save is over: assigning to the record is a mistake.</summary>
    public bool IsAfter { get; init; }

    /// <summary>Longest run by the clock on the wall; null for the usual.</summary>
    public TimeSpan? WaitingTime { get; init; }

    /// <summary>The thread of the script whose changes led to this run; null where there is none.</summary>
    public ScriptThread? Inside { get; init; }

    /// <summary>Takes notes of the run; null where nobody asks for them.</summary>
    public ScriptTrace? Trace { get; init; }
}

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
    ImmutableArray<ScriptMessage> Failures,
    ImmutableArray<ScriptLogLine> Log)
{
    /// <summary>What the person is told without a refusal, in the order of the calls of <c>warn</c>.</summary>
    public ImmutableArray<ScriptMessage> Warnings { get; init; } = [];

    /// <summary>JSON of what the script returned; null where it returned nothing.</summary>
    public string? Result { get; init; }
}

/// <summary>A call of <c>fail</c> or <c>warn</c>.</summary>
/// <param name="Field">Field to mark; null where it is about the record as a whole.</param>
/// <param name="Message">What to tell the person, as the script wrote it.</param>
public sealed record ScriptMessage(Field? Field, string Message);
