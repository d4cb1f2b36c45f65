using System.Text.Json;
using Xrm.Scripting;

namespace Xrm.TestKit;

/// <summary>What lies beyond the record of a script in tests: no records, nobody to write to, one German text.</summary>
public sealed class NoHost : IScriptHost
{
    public Task<ScriptRow?> GetAsync(string entity, Guid id, bool locks, CancellationToken ct) => Task.FromResult<ScriptRow?>(null);

    public Task<ScriptRow?> SettingAsync(string entity, CancellationToken ct) => Task.FromResult<ScriptRow?>(null);

    public Task<IReadOnlyList<ScriptRow>> QueryAsync(string entity, JsonElement options, CancellationToken ct) => Task.FromResult<IReadOnlyList<ScriptRow>>([]);

    public Task<Guid> CreateAsync(string entity, JsonElement values, ScriptThread thread, CancellationToken ct) => throw new InvalidOperationException("There are no records.");

    public Task UpdateAsync(string entity, Guid id, JsonElement values, ScriptThread thread, CancellationToken ct) => throw new InvalidOperationException("There are no records.");

    public Task RemoveAsync(string entity, Guid id, ScriptThread thread, CancellationToken ct) => throw new InvalidOperationException("There are no records.");

    public Task MailAsync(JsonElement mail, CancellationToken ct) => throw new InvalidOperationException("There is nothing outside.");

    public Task<ScriptAnswer> HttpAsync(JsonElement request, CancellationToken ct) => throw new InvalidOperationException("There is nothing outside.");

    public string? Translate(string key) => key == "greeting" ? "Hallo {0}!" : null;
}
