using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Server.Features.Data.History;

/// <summary>An entry of a record's history, as its reader may see it.</summary>
/// <param name="Id">Id of the entry.</param>
/// <param name="At">UTC time.</param>
/// <param name="Operation"><c>create</c>, <c>update</c>, <c>delete</c> or <c>restore</c> (from the recycle bin).</param>
/// <param name="By">Who did it.</param>
/// <param name="Source"><c>screen</c>, <c>api</c>, <c>rule</c>, <c>workflow</c>, <c>import</c>, <c>job</c> or <c>system</c>; null for entries of early versions.</param>
/// <param name="Cause">What made it happen besides the person; null for the person's own request.</param>
/// <param name="Address">IP address of the client; for administrators alone.</param>
/// <param name="Changes">What became of the fields that the reader may see.</param>
/// <param name="ValuesErased">True where the values were erased to protect a person: there are no changes to tell; null otherwise.</param>
internal sealed record HistoryEntry(Guid Id, DateTime At, string Operation, HistoryPerson By, string? Source, HistoryCause? Cause, string? Address, ImmutableArray<HistoryChange> Changes, bool? ValuesErased);

/// <summary>Somebody who did something.</summary>
/// <param name="Id">Id of the user; null where nobody is known.</param>
/// <param name="Name">What people call them; null where the user is gone, or is the engine itself.</param>
/// <param name="IsSystem">It is the engine itself.</param>
internal sealed record HistoryPerson(Guid? Id, string? Name, bool IsSystem);

/// <summary>What made a change happen.</summary>
/// <param name="Kind"><c>rule</c>, <c>script</c>, <c>workflow</c>, <c>job</c>, <c>starter</c>, <c>settings</c>, <c>clean_up</c>, <c>history</c> (earlier values brought back).</param>
/// <param name="Id">Which one.</param>
/// <param name="Label">What people call it.</param>
internal sealed record HistoryCause(string Kind, string? Id, string? Label);

/// <summary>What became of a field.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Type">Name of its type.</param>
/// <param name="Before">JSON value before; of a field with several columns an object with those that changed.</param>
/// <param name="After">JSON value after.</param>
/// <param name="BeforeText">What stands for the value: the label of an option, the name of a record; null where the value speaks for itself.</param>
/// <param name="AfterText">The same of the value after.</param>
internal sealed record HistoryChange(string Field, string Label, string Type, JsonElement? Before, JsonElement? After, string? BeforeText, string? AfterText);

/// <summary>A record as it was, against how it is.</summary>
/// <param name="At">UTC time.</param>
/// <param name="Entry">The entry after which it was so; null where a time was asked for.</param>
/// <param name="IsDeleted">The record lies in the recycle bin now: nothing can be brought back before it is.</param>
/// <param name="Fields">The fields that the history keeps and the reader may see.</param>
/// <param name="ValuesErased">True where values were erased of what has happened since, to protect a person: fields that changed then are told as they are now; null otherwise.</param>
internal sealed record HistoryState(DateTime At, Guid? Entry, bool IsDeleted, ImmutableArray<HistoryField> Fields, bool? ValuesErased);

/// <summary>A field as it was, against how it is.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Type">Name of its type.</param>
/// <param name="Value">JSON value then; of a field with several columns an object.</param>
/// <param name="Now">JSON value now.</param>
/// <param name="Text">What stands for the value then; null where it speaks for itself.</param>
/// <param name="NowText">The same of the value now.</param>
/// <param name="Differs">The two are not the same.</param>
/// <param name="CanRestore">The reader may bring the value back.</param>
internal sealed record HistoryField(string Field, string Label, string Type, JsonElement? Value, JsonElement? Now, string? Text, string? NowText, bool Differs, bool CanRestore);
