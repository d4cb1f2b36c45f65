using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;

namespace Xrm.Server.Features.Publish;

/// <summary>One run of one package test. Whoever starts it undoes it.</summary>
internal sealed class PackageTestRun
{
    private const string Mark = "xrm_test_step";
    private readonly Dictionary<string, (Entity Entity, Guid Id)> _named = new(StringComparer.Ordinal);
    private readonly RecordCommands _commands;
    private readonly RecordTransaction _records;
    private readonly DateTime _utcNow;
    private readonly TestCase _test;
    private readonly Caller _tester;
    private readonly RowBody _bodies;

    /// <summary>Prepares a run.</summary>
    /// <param name="commands">The saves.</param>
    /// <param name="records">The transaction.</param>
    /// <param name="utcNow">The time of all that the test does.</param>
    /// <param name="test">The test.</param>
    public PackageTestRun(RecordCommands commands, RecordTransaction records, DateTime utcNow, TestCase test)
    {
        (_commands, _records, _utcNow, _test) = (commands, records, utcNow, test);
        // What is given is simply there; what is done is done as a person who may do everything.
        _tester = new Caller(Caller.System.UserId, "tester", "Package test", [], true, records.Published.Model.Roles);
        _bodies = new RowBody((_, json, _) => Task.FromResult(Find(json)));
    }

    /// <summary>Runs it.</summary>
    /// <returns>All that is not as the test expects.</returns>
    public async Task<ImmutableArray<TestDifference>> RunAsync(CancellationToken ct)
    {
        var given = NewUnit(Caller.System);
        foreach (var (index, record) in _test.Given.Index())
            if (await AttemptAsync(() => CreateAsync(given, record, ct), ct) is { } refused)
                return [new TestDifference($"given[{index}]", $"given {record.As}", "accepted", $"refused: {Describe(refused)}")];
        await _records.SaveAsync(Mark, ct);
        var refusal = await AttemptAsync(() => ActAsync(NewUnit(_tester), _test.When, ct), ct);
        if (refusal is not null) await _records.RollbackToAsync(Mark, ct);
        var differences = IsRefusalExpected ? CheckRefusal(refusal) : CheckAcceptance(refusal);
        // What did not happen leaves nothing to look at.
        if (!differences.IsEmpty) return differences;
        return await new PackageTestChecks(_records, NewUnit(_tester), _named).CheckAsync(_test.Then, ct);
    }

    private bool IsRefusalExpected => _test.Then.FailsOn is not null || _test.Then.Message is not null;

    private static ImmutableArray<TestDifference> CheckAcceptance(XrmException? refusal) =>
        refusal is null ? [] : [new TestDifference("when", "when", "accepted", $"refused: {Describe(refusal)}")];

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

    private SaveUnit NewUnit(Caller caller) => new(_records, caller, _utcNow) { Cause = new SaveCause("test", _test.Name), PublishesEvents = false };

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
        else await TransitionAsync(unit, action, ct);
    }

    private async Task CreateAsync(SaveUnit unit, TestRecord record, CancellationToken ct)
    {
        var entity = _records.Published.Model.FindEntity(record.Entity) ?? throw Wrong($"there is no entity {record.Entity}.");
        var saved = await _commands.CreateAsync(unit, entity, await BodyAsync(entity, record.Values, ct), ct);
        _named[record.As] = (entity, saved.Id);
    }

    private async Task UpdateAsync(SaveUnit unit, string name, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(name);
        await _commands.UpdateAsync(unit, entity, id, await BodyAsync(entity, action.Values, ct), null, ct);
    }

    private async Task TransitionAsync(SaveUnit unit, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(action.On ?? "");
        var transition = entity.Lifecycle?.Find(action.Transition ?? "") ?? throw Wrong($"{entity.Name} has no transition {action.Transition}.");
        await _commands.TransitionAsync(unit, transition, (entity, id, null), await BodyAsync(entity, action.Values, ct), ct);
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
