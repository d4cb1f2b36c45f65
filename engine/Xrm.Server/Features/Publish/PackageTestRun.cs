using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Outbox;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Data.Workflows;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;
using Entity = Xrm.Metadata.Compiled.Entity;

namespace Xrm.Server.Features.Publish;

/// <summary>One run of one package test. Whoever starts it undoes it.</summary>
internal sealed class PackageTestRun
{
    private const string PersonName = "Package test";
    private const string Mark = "xrm_test_step";

    /// <summary>Id of the person of a test that says who acts.</summary>
    private static readonly Guid PersonId = new("00000000-0000-7000-8000-00000000000e");
    private readonly Dictionary<string, (Entity Entity, Guid Id)> _named = new(StringComparer.Ordinal);
    private readonly RecordCommands _commands;
    private readonly ScriptTrial _scripts;
    private readonly WorkflowRunStore _workflows;
    private readonly RecordTransaction _records;
    private readonly DateTime _utcNow;
    private readonly TestCase _test;
    private readonly Entity? _users;
    private readonly Caller _tester;
    private readonly RowBody _bodies;
    private readonly MailStore _mails;
    private readonly List<string> _told = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="commands">The saves.</param>
    /// <param name="scripts">Runs schedules.</param>
    /// <param name="workflows">The runs of workflows.</param>
    /// <param name="mails">Outgoing mails.</param>
    /// <param name="records">The transaction.</param>
    /// <param name="utcNow">The time of all that the test does.</param>
    /// <param name="test">The test.</param>
    public PackageTestRun(RecordCommands commands, ScriptTrial scripts, WorkflowRunStore workflows, MailStore mails, RecordTransaction records, DateTime utcNow, TestCase test)
    {
        (_commands, _scripts, _workflows, _mails, _records, _utcNow, _test) = (commands, scripts, workflows, mails, records, utcNow, test);
        _users = test.As is null ? null : records.Published.Model.FindEntity(UserMirror.UserEntity);
        // What is given is simply there; what is done is done as a person who may do everything, or what some roles grant.
        _tester = new Caller(_users is null ? Caller.System.UserId : PersonId, "tester", PersonName, test.As is null ? [] : [.. test.As.Roles], test.As is null, records.Published.Model);
        _bodies = new RowBody((_, json, _) => Task.FromResult(Find(json)));
    }

    /// <summary>Runs it.</summary>
    /// <returns>All that is not as the test expects.</returns>
    public async Task<ImmutableArray<TestDifference>> RunAsync(CancellationToken ct)
    {
        var given = NewUnit(Caller.System);
        if (_users is not null && await AttemptAsync(() => AddPersonAsync(given, _users, ct), ct) is { } stranger)
            return [new TestDifference("as", $"user {TestNames.Person}", "accepted", $"refused: {Describe(stranger)}")];
        foreach (var (index, record) in _test.Given.Index())
            if (await AttemptAsync(() => CreateAsync(given, record, ct), ct) is { } refused)
                return [new TestDifference($"given[{index}]", $"given {record.As}", "accepted", $"refused: {Describe(refused)}")];
        var differences = await ActAsync(ct);
        // What did not happen leaves nothing to look at.
        if (!differences.IsEmpty) return differences;
        return await new PackageTestChecks(_records, NewUnit(_tester), _named).CheckAsync(_test.Then, new TestEffects(await StartedAsync(ct), _told, await WrittenAsync(ct)), ct);
    }

    /// <summary>Does what the test does, up to the first thing that is unexpectedly refused. What is refused as expected is undone.</summary>
    private async Task<ImmutableArray<TestDifference>> ActAsync(CancellationToken ct)
    {
        foreach (var (index, action) in _test.When.All.Index())
        {
            var isRefusalExpected = IsRefusalExpected && index == _test.When.All.Length - 1;
            if (isRefusalExpected) await _records.SaveAsync(Mark, ct);
            var refusal = await AttemptAsync(() => ActAsync(NewUnit(_tester, isHeard: true), action, ct), ct);
            if (!isRefusalExpected && refusal is not null)
                return [new TestDifference(_test.When.PathOf(index), _test.When.PathOf(index), "accepted", $"refused: {Describe(refusal)}")];
            if (!isRefusalExpected) continue;
            var differences = CheckRefusal(refusal);
            if (!differences.IsEmpty) return differences;
            await _records.RollbackToAsync(Mark, ct);
        }
        return [];
    }

    private async Task AddPersonAsync(SaveUnit unit, Entity users, CancellationToken ct)
    {
        await _commands.CreateAsync(unit, users, UserMirror.Body(users, PersonId, PersonName, null), ct);
        _named[TestNames.Person] = (users, PersonId);
    }

    private async Task<IReadOnlyDictionary<string, int>> StartedAsync(CancellationToken ct) =>
        _test.Then.Workflows.IsEmpty ? _test.Then.Workflows : await _workflows.CountStartedAsync(await _records.BeginAsync(ct), ct);

    private async Task<IReadOnlyList<Mail>> WrittenAsync(CancellationToken ct) =>
        _test.Then.Mails.IsEmpty ? [] : await _mails.ListWrittenAsync(await _records.BeginAsync(ct), ct);

    private bool IsRefusalExpected => _test.Then.FailsOn is not null || _test.Then.Message is not null;

    private ImmutableArray<TestDifference> CheckRefusal(XrmException? refusal)
    {
        var then = _test.Then;
        var differences = ImmutableArray.CreateBuilder<TestDifference>();
        var got = refusal is null ? "accepted" : $"refused: {Describe(refusal)}";
        var field = then.FailsOn ?? "*";
        if (refusal is null || !Marks(refusal, field))
            differences.Add(new TestDifference(then.FailsOn is null ? "then.message" : "then.failsOn", "failsOn", field == "*" ? "a refusal" : $"a refusal that marks {field}", got));
        if (refusal is not null && then.Message is { } text && !Describe(refusal).Contains(text, StringComparison.OrdinalIgnoreCase))
            differences.Add(new TestDifference("then.message", "message", $"a text with \"{text}\"", $"\"{Describe(refusal)}\""));
        return differences.ToImmutable();
    }

    private static bool Marks(XrmException refusal, string field) => field == "*"
        || refusal.Errors.Any(error => error.Field == field || error.Field == $"{field}_id" || error.Field?.StartsWith($"{field}_", StringComparison.Ordinal) == true);

    /// <summary>A save of its own.</summary>
    /// <param name="caller">Who saves.</param>
    /// <param name="isHeard">Whether it starts workflows.</param>
    private SaveUnit NewUnit(Caller caller, bool isHeard = false) => new(_records, caller, _utcNow) { Cause = new SaveCause(SaveCause.Test, _test.Name), PublishesEvents = isHeard };

    private async Task<XrmException?> AttemptAsync(Func<Task> action, CancellationToken ct)
    {
        try
        {
            await action();
            await _records.FlushAsync(ct);
            return null;
        }
        catch (XrmException refused)
        {
            return refused;
        }
    }

    private async Task ActAsync(SaveUnit unit, TestAction action, CancellationToken ct)
    {
        if (action.Create is { } record) await CreateAsync(unit, record, ct);
        else if (action.Update is { } updated) await UpdateAsync(unit, updated, action, ct);
        else if (action.Delete is { } deleted) await _commands.DeleteAsync(unit, Named(deleted).Entity, Named(deleted).Id, null, ct);
        else if (action.Schedule is { } schedule) await KeepTimeAsync(schedule, ct);
        else if (action.Action is { } name) await RunAsync(unit, name, action, ct);
        else await TransitionAsync(unit, action, ct);
    }

    private async Task RunAsync(SaveUnit unit, string name, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(action.On ?? "");
        var script = _records.Published.Model.FindAction(entity, name) ?? throw Wrong($"{entity.Name} has no action {name}.");
        var parameters = JsonText.Read(writer =>
        {
            writer.WriteStartObject();
            foreach (var (parameter, value) in action.Values)
            {
                writer.WritePropertyName(parameter);
                if (value.ValueKind == JsonValueKind.Object && Find(value) is { } found) writer.WriteStringValue(found.Id);
                else value.WriteTo(writer);
            }
            writer.WriteEndObject();
        });
        Hear(await _commands.ActAsync(unit, script, (entity, id, null), ActionParameters.Read(script, parameters), ct));
    }

    /// <summary>As when its time has come: the schedule acts for the system, whoever acts otherwise.</summary>
    private async Task KeepTimeAsync(string name, CancellationToken ct)
    {
        var schedule = _records.Published.Model.Schedules.FirstOrDefault(schedule => schedule.Name == name) ?? throw Wrong($"there is no schedule {name}.");
        var outcome = await _scripts.KeepTimeAsync(schedule, NewUnit(Caller.System, isHeard: true), ct);
        _told.AddRange(outcome.Warnings.Select(warning => warning.Message));
    }

    private void Hear(SaveContext save) => _told.AddRange(save.Messages.Select(message => message.Message));

    private async Task CreateAsync(SaveUnit unit, TestRecord record, CancellationToken ct)
    {
        var entity = _records.Published.Model.FindEntity(record.Entity) ?? throw Wrong($"there is no entity {record.Entity}.");
        var body = await BodyAsync(entity, record.Values, ct);
        // Settings are there already: what is given are the values that the test wants them to have.
        var saved = entity.IsSettings && await RecordLoader.SettingsAsync(_records, entity, ct) is { } settings
            ? await _commands.UpdateAsync(unit, entity, settings.Id, body, null, ct)
            : await _commands.CreateAsync(unit, entity, body, ct);
        Hear(saved);
        _named[record.As] = (entity, saved.Id);
    }

    private async Task UpdateAsync(SaveUnit unit, string name, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(name);
        Hear(await _commands.UpdateAsync(unit, entity, id, await BodyAsync(entity, action.Values, ct), null, ct));
    }

    private async Task TransitionAsync(SaveUnit unit, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(action.On ?? "");
        var transition = entity.Lifecycle?.Find(action.Transition ?? "") ?? throw Wrong($"{entity.Name} has no transition {action.Transition}.");
        Hear(await _commands.TransitionAsync(unit, transition, (entity, id, null), await BodyAsync(entity, action.Values, ct), ct));
    }

    private async Task<JsonElement> BodyAsync(Entity entity, IReadOnlyDictionary<string, JsonElement> values, CancellationToken ct)
    {
        var (body, unresolved) = await _bodies.BuildAsync(entity, values, ct);
        return unresolved.Count == 0 ? body : throw Wrong($"{unresolved[0]} names a record that the test has not created.");
    }

    private (Entity Entity, Guid Id)? Find(JsonElement json) =>
        json.TryGetProperty("$ref", out var name) && _named.TryGetValue(name.GetString() ?? "", out var found) ? found : null;

    private (Entity Entity, Guid Id) Named(string name) => _named.TryGetValue(name, out var found) ? found : throw Wrong($"the test has created no record {name}.");

    private static XrmException Wrong(string message) => new("package_test_wrong", 400, message);

    private static string Describe(XrmException refused) => refused.Errors.IsEmpty
        ? refused.Message
        : string.Join("; ", refused.Errors.Select(error => error.Field is null ? error.Message : $"{error.Field}: {error.Message}"));
}
