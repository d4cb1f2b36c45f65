using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;

namespace Xrm.Server.Features.Publish;

/// <summary>Runs the tests of packages against the new model, each in a part of the transaction that is rolled back.</summary>
internal sealed class PackageTests(RecordCommands commands, TimeProvider time)
{
    private const string Mark = "xrm_test";

    /// <summary>Runs all tests.</summary>
    /// <param name="records">A transaction over the new model. After the call it is as before.</param>
    /// <param name="packages">The packages whose tests are wanted.</param>
    /// <param name="ct">Cancels the run.</param>
    /// <returns>One problem per failed test, located in its file.</returns>
    public async Task<IReadOnlyList<Problem>> RunAsync(RecordTransaction records, IEnumerable<Package> packages, CancellationToken ct)
    {
        var problems = new List<Problem>();
        // What is given is simply there; what is done is done as a person who may do everything.
        var tester = new Caller(Caller.System.UserId, "tester", "Package test", [], true, records.Published.Model.Roles);
        foreach (var package in packages)
            foreach (var file in package.Tests)
                foreach (var (index, test) in file.Value.Tests.Index())
                {
                    await records.SaveAsync(Mark, ct);
                    var run = new PackageTestRun(commands, Unit(Caller.System, test), Unit(tester, test));
                    if (await run.RunAsync(test, ct) is { } failure)
                        problems.Add(new Problem("package_test_failed", file.At($"$.tests[{index}].{failure.Path}"), $"Test \"{test.Name}\": {failure.Message}", "Correct the package or the test."));
                    await records.RollbackToAsync(Mark, ct);
                }
        return problems;

        SaveUnit Unit(Caller caller, TestCase test) => new(records, caller, time.GetUtcNow().UtcDateTime) { Cause = new SaveCause("test", test.Name), PublishesEvents = false };
    }
}

/// <summary>Why a test failed.</summary>
/// <param name="Path">JSON path inside the test.</param>
/// <param name="Message">What was expected and what was found.</param>
internal sealed record TestFailure(string Path, string Message);

/// <summary>One test.</summary>
internal sealed class PackageTestRun
{
    private readonly Dictionary<string, (Entity Entity, Guid Id)> _named = new(StringComparer.Ordinal);
    private readonly RecordCommands _commands;
    private readonly RecordTransaction _records;
    private readonly SaveUnit _given;
    private readonly SaveUnit _unit;
    private readonly RowBody _bodies;

    public PackageTestRun(RecordCommands commands, SaveUnit given, SaveUnit unit)
    {
        (_commands, _records, _given, _unit) = (commands, unit.Records, given, unit);
        _bodies = new RowBody((_, json, _) => Task.FromResult(Find(json)));
    }

    public async Task<TestFailure?> RunAsync(TestCase test, CancellationToken ct)
    {
        foreach (var (index, given) in test.Given.Index())
            if (await AttemptAsync(() => CreateAsync(_given, given, ct), ct) is { } refused)
                return new TestFailure($"given[{index}]", $"the given record {given.As} was refused: {Describe(refused)}");
        var failed = await AttemptAsync(() => ActAsync(test.When, ct), ct);
        if (test.Then.FailsOn is { } field) return CheckRefusal(test.Then, field, failed);
        if (failed is not null) return new TestFailure("when", $"it was refused: {Describe(failed)}");
        return await new PackageTestChecks(_records, _unit, _named).CheckAsync(test.Then, ct);
    }

    private static TestFailure? CheckRefusal(TestExpectation then, string field, XrmException? failed)
    {
        if (failed is null) return new TestFailure("then.failsOn", $"a refusal that marks {field} was expected, but it was accepted.");
        if (field != "*" && !failed.Errors.Any(error => error.Field == field || error.Field == $"{field}_id" || error.Field?.StartsWith($"{field}_", StringComparison.Ordinal) == true))
            return new TestFailure("then.failsOn", $"a refusal that marks {field} was expected; it was: {Describe(failed)}");
        return then.Message is { } text && !Describe(failed).Contains(text, StringComparison.OrdinalIgnoreCase)
            ? new TestFailure("then.message", $"a message with \"{text}\" was expected; it was: {Describe(failed)}") : null;
    }

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

    private async Task ActAsync(TestAction action, CancellationToken ct)
    {
        if (action.Create is { } record) await CreateAsync(_unit, record, ct);
        else if (action.Update is { } updated) await UpdateAsync(updated, action, ct);
        else if (action.Delete is { } deleted) await _commands.DeleteAsync(_unit, Named(deleted).Entity, Named(deleted).Id, null, ct);
        else await TransitionAsync(action, ct);
    }

    private async Task CreateAsync(SaveUnit unit, TestRecord record, CancellationToken ct)
    {
        var entity = _records.Published.Model.FindEntity(record.Entity) ?? throw Wrong($"there is no entity {record.Entity}.");
        var saved = await _commands.CreateAsync(unit, entity, await BodyAsync(entity, record.Values, ct), ct);
        _named[record.As] = (entity, saved.Id);
    }

    private async Task UpdateAsync(string name, TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(name);
        await _commands.UpdateAsync(_unit, entity, id, await BodyAsync(entity, action.Values, ct), null, ct);
    }

    private async Task TransitionAsync(TestAction action, CancellationToken ct)
    {
        var (entity, id) = Named(action.On ?? "");
        var transition = entity.Lifecycle?.Find(action.Transition ?? "") ?? throw Wrong($"{entity.Name} has no transition {action.Transition}.");
        await _commands.TransitionAsync(_unit, transition, (entity, id, null), await BodyAsync(entity, action.Values, ct), ct);
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
