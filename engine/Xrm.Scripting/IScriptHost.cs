using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Scripting;

/// <summary>
/// What a run can do beyond its record. The script waits for each call, so that there is one at a time. Refusals are exceptions: they end the
/// run as <see cref="ScriptHostException"/>, and a script cannot catch them.
/// </summary>
public interface IScriptHost
{
    /// <summary>One record; null where it is not there, or where the run may not see it.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="id">Id of the record.</param>
    /// <param name="locks">Nobody else changes or locks the record until the transaction ends; what is read is what those have left who held it before.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task<ScriptRow?> GetAsync(string entity, Guid id, bool locks, CancellationToken ct);

    /// <summary>The one record of an entity of settings; null where the run may not see it.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task<ScriptRow?> SettingAsync(string entity, CancellationToken ct);

    /// <summary>The records that fulfil a condition, as many as the limit allows.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="options">JSON object with <c>where</c>, <c>orderBy</c> and <c>limit</c>; undefined for none of them.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task<IReadOnlyList<ScriptRow>> QueryAsync(string entity, JsonElement options, CancellationToken ct);

    /// <summary>Makes a record and tells its id.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="values">JSON object: values by field name.</param>
    /// <param name="thread">Where the scripts that this leads to shall run.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task<Guid> CreateAsync(string entity, JsonElement values, ScriptThread thread, CancellationToken ct);

    /// <summary>Changes values of a record.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="id">Id of the record.</param>
    /// <param name="values">JSON object: new values by field name.</param>
    /// <param name="thread">Where the scripts that this leads to shall run.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task UpdateAsync(string entity, Guid id, JsonElement values, ScriptThread thread, CancellationToken ct);

    /// <summary>Deletes a record, or moves it to the recycle bin where its entity has one.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="id">Id of the record.</param>
    /// <param name="thread">Where the scripts that this leads to shall run.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task RemoveAsync(string entity, Guid id, ScriptThread thread, CancellationToken ct);

    /// <summary>Writes a mail, which is sent when the transaction is committed.</summary>
    /// <param name="mail">JSON object with <c>to</c>, <c>subject</c> and <c>body</c>.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task MailAsync(JsonElement mail, CancellationToken ct);

    /// <summary>Calls another server.</summary>
    /// <param name="request">JSON object with <c>url</c>, and perhaps <c>method</c>, <c>headers</c> and <c>body</c>.</param>
    /// <param name="ct">Cancelled when the run has no time left.</param>
    Task<ScriptAnswer> HttpAsync(JsonElement request, CancellationToken ct);

    /// <summary>The text of a key in the language of the person who saves; null where there is none.</summary>
    /// <param name="key">Key without the part <c>script.</c> that it has in translations.</param>
    string? Translate(string key);
}

/// <summary>A record that a script asked for.</summary>
/// <param name="Entity">Its entity.</param>
/// <param name="Values">Values by column, in the CLR types of the columns; only those that the run may see.</param>
public sealed record ScriptRow(Entity Entity, IReadOnlyDictionary<string, object?> Values);

/// <summary>The answer of another server.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers by name in lower case.</param>
/// <param name="Body">The body as text.</param>
public sealed record ScriptAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What a script asked of its <see cref="IScriptHost"/> was refused.</summary>
/// <param name="script">The script.</param>
/// <param name="line">One-based line of the script file; 0 where it is not known.</param>
/// <param name="refusal">Why.</param>
public sealed class ScriptHostException(Script script, int line, Exception refusal) : Exception(refusal.Message, refusal)
{
    /// <summary>The script.</summary>
    public Script Script { get; } = script;

    /// <summary>One-based line of the script file; 0 where it is not known.</summary>
    public int Line { get; } = line;
}
