using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline.Insight;
using Xrm.Data.Outbox;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>
/// What one run of a script reaches beyond its record: other records in the transaction of the save that it belongs to, with the rights of who saves, or of
/// the system where the script says so; mails, other servers, texts. The script waits for each call; nothing else uses the transaction meanwhile.
/// </summary>
/// <param name="script">The script.</param>
/// <param name="unit">The transaction.</param>
/// <param name="record">The record that is being saved; null where none is.</param>
/// <param name="services">Mails and other servers.</param>
/// <param name="pipeline">Saves a record with all that goes with it.</param>
internal sealed class ScriptHost(Script script, SaveUnit unit, SaveContext? record, ScriptServices services, Func<SaveContext, CancellationToken, Task> pipeline) : IScriptHost
{
    private readonly QueryContext _context = new(unit.Published, script.RunsAsSystem ? Caller.System : unit.Caller, unit.UtcNow);
    private const string NotInTests = """{"message":"Package tests call no other server: this is the answer to each call."}""";
    private int _calls;

    /// <summary>Names this run to other servers, the same at each try; null where it may not call any: its transaction holds what others wait for.</summary>
    public string? RunKey { get; init; }

    /// <summary>Others were changed, and the record of the save possibly by what that led to.</summary>
    public bool HasWritten { get; private set; }

    private ScriptLink Link => new(script, record?.Id ?? Guid.Empty);

    public Task<ScriptRow?> GetAsync(string entity, Guid id, bool locks, CancellationToken ct) =>
        locks ? services.Waits.RunAsync(unit, ct => ReadAsync(Entity(entity), id, true, ct), ct) : ReadAsync(Entity(entity), id, false, ct);

    private async Task<ScriptRow?> ReadAsync(Entity asked, Guid id, bool locks, CancellationToken ct)
    {
        if (locks)
        {
            await RecordLoader.LockAsync(unit.Records, asked, id, ct);
            // Formulas that asked for it before were told what it was before.
            unit.Related.Forget(asked, id);
        }
        return (await RowsAsync(asked, QueryPlan.ForRecord(asked.Plural, id, new ScriptQuery(asked, _context.Caller).All, _context), ct)).SingleOrDefault();
    }

    public async Task<ScriptRow?> SettingAsync(string entity, CancellationToken ct)
    {
        var asked = Entity(entity);
        if (!asked.IsSettings) throw new XrmException("rule_settings", 422, $"{entity} is no entity of settings: it may have many records. Ask for them by get or query.");
        return (await RowsAsync(asked, QueryPlan.For(asked.Plural, new ScriptQuery(asked, _context.Caller).All with { IsWhole = true, Top = 1 }, _context), ct)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<ScriptRow>> QueryAsync(string entity, JsonElement options, CancellationToken ct)
    {
        var asked = Entity(entity);
        return await RowsAsync(asked, QueryPlan.For(asked.Plural, new ScriptQuery(asked, _context.Caller).Read(options), _context), ct);
    }

    public async Task<Guid> CreateAsync(string entity, JsonElement values, ScriptThread thread, CancellationToken ct)
    {
        var made = Entity(entity);
        var other = SaveContext.New(Unit(thread), made, Body(made, values), "");
        unit.Trace?.Note(new RuleEffect("create", entity, values.GetRawText()));
        await SaveAsync(other, ct);
        return other.Id;
    }

    public Task UpdateAsync(string entity, Guid id, JsonElement values, ScriptThread thread, CancellationToken ct)
    {
        var changed = Other(entity, id);
        unit.Trace?.Note(new RuleEffect("update", $"{entity} {id}", values.GetRawText()));
        return SaveAsync(new SaveContext(Unit(thread), Operation.Update, changed, id) { Body = Body(changed, values) }, ct);
    }

    public Task RemoveAsync(string entity, Guid id, ScriptThread thread, CancellationToken ct)
    {
        var removed = new SaveContext(Unit(thread), Operation.Delete, Other(entity, id), id);
        unit.Trace?.Note(new RuleEffect("delete", $"{entity} {id}", null));
        return SaveAsync(removed, ct);
    }

    public async Task MailAsync(JsonElement mail, CancellationToken ct)
    {
        var to = MailText.Recipients(mail.TryGetProperty("to", out var wanted) ? wanted : default);
        if (to.Count == 0) throw new XrmException("rule_mail", 422, "A mail needs to with at least one address, such as { to: 'ada@example.com', subject: '…', body: '…' }.");
        unit.Trace?.Note(new RuleEffect("mail", string.Join(", ", to), $"{MailText.Line(Text(mail, "subject"))}\n\n{Text(mail, "body")}"));
        // Starter rows are no news.
        if (unit.Cause is { Kind: "starter" }) return;
        await services.Mails.AddAsync(await unit.Records.BeginAsync(ct), to, MailText.Line(Text(mail, "subject")), Text(mail, "body"), ct);
    }

    public Task<ScriptAnswer> HttpAsync(JsonElement request, CancellationToken ct)
    {
        if (RunKey is not { } key) throw new XrmException("rule_http", 422, "http is there for rules that run after the save (\"timing\": \"after\") and for schedules: a save must not wait for another server.");
        if (unit.Cause is { Kind: SaveCause.Test })
        {
            // A test tells the truth about the package, wherever it runs: neither other servers nor the hosts that this one allows have a say in it.
            ScriptHttp.Check(request);
            return Task.FromResult(new ScriptAnswer(200, new Dictionary<string, string>(), NotInTests));
        }
        if (unit.Trace is not { } trace) return services.Http.SendAsync(request, $"{key}:{++_calls}", ct);
        // What is tried must not be heard of elsewhere: the script gets the emptiest good answer.
        var (target, body) = services.Http.Describe(request);
        trace.Note(new RuleEffect("http", target, body));
        return Task.FromResult(new ScriptAnswer(200, new Dictionary<string, string>(), "{}"));
    }

    public string? Translate(string key) => unit.Texts.Find($"script.{key}");

    // The zero character, which nobody sees, is the one that PostgreSQL cannot store.
    private static string Text(JsonElement mail, string name) => mail.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString().Replace("\0", "", StringComparison.Ordinal) : "";

    private async Task SaveAsync(SaveContext other, CancellationToken ct)
    {
        HasWritten = true;
        await services.Waits.RunAsync(unit, async ct =>
        {
            await pipeline(other, ct);
            await other.Unit.Records.FlushAsync(ct);
            return true;
        }, ct);
        unit.Related.Forget(other.Entity, other.Id);
        foreach (var message in other.Messages) record?.Tell(message.Kind, null, message.Message);
    }

    private SaveUnit Unit(ScriptThread thread) => new(unit.Records, _context.Caller, unit.UtcNow)
    {
        Texts = unit.Texts,
        Cause = unit.Cause ?? new SaveCause("rule", script.FullName),
        Origin = unit.Origin,
        PublishesEvents = unit.PublishesEvents,
        Chain = unit.Chain.Add(Link),
        ScriptThread = thread,
        Trace = unit.Trace,
    };

    private async Task<List<ScriptRow>> RowsAsync(Entity entity, QueryPlan plan, CancellationToken ct) =>
        [.. (await RecordReader.ValuesAsync(plan, unit.Records, ct)).Select(values => new ScriptRow(entity, values))];

    private Entity Entity(string name) => unit.Published.Model.FindEntity(name) ?? throw new XrmException("unknown_entity", 422,
        $"There is no entity {name}.{(Names.Nearest(name, unit.Published.Model.Entities.Select(entity => entity.Name)) is { } near ? $" Did you mean {near}?" : "")}");

    /// <summary>A record that is being saved cannot be changed by what its save leads to: the two would overwrite each other.</summary>
    private Entity Other(string name, Guid id)
    {
        var entity = Entity(name);
        if (unit.Chain.Add(Link).Any(link => link.Script.Entity == entity && link.Id == id))
            throw ScriptChain.Endless(unit.Chain.Add(Link), $"{entity.Name} {id} would be changed again, which is being saved already. To change the record of the rule itself, assign to record");
        return entity;
    }

    /// <summary>The values by API property, as everybody else sends them: a lookup has its field's name in scripts.</summary>
    private static JsonElement Body(Entity entity, JsonElement values)
    {
        var body = new JsonObject();
        foreach (var property in values.EnumerateObject())
        {
            var column = entity.FindField(property.Name)?.Column is { Part.Length: 0 } main ? main.Name : property.Name;
            body[column] = JsonNode.Parse(property.Value.GetRawText());
        }
        return JsonSerializer.Deserialize<JsonElement>(body);
    }
}
