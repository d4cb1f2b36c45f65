using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Package tests speak of entities, fields, transitions and records that are there.</summary>
internal static class TestCheck
{
    public static IEnumerable<Problem> Of(Merged merged) =>
        from package in merged.Draft.Packages
        from file in package.Tests
        from i in Enumerable.Range(0, file.Value.Tests.Length)
        from problem in new TestCaseCheck(merged, new Origin(file.File, $"$.tests[{i}]")).Of(file.Value.Tests[i])
        select problem;
}

/// <summary>The check of one case.</summary>
internal sealed class TestCaseCheck(Merged merged, Origin origin)
{
    private readonly Dictionary<string, DraftEntity?> _records = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];

    public List<Problem> Of(TestCase test)
    {
        if (test.As is { } person)
        {
            _problems.AddRange(Unknown.Roles(merged.Draft, person.Roles, i => origin.At($".as.roles[{i}]")));
            if (merged.Draft.Find("user") is { } user) _records[TestNames.Person] = user;
        }
        for (var i = 0; i < test.Given.Length; i++) Record(test.Given[i], origin.Part($".given[{i}]"));
        if (test.When.All.IsEmpty) DoesNothing(origin.Part(".when"));
        for (var i = 0; i < test.When.All.Length; i++) Action(test.When.All[i], origin.Part($".{test.When.PathOf(i)}"));
        Expectation(test.Then, origin.Part(".then"));
        return _problems;
    }

    private void Expectation(TestExpectation then, Origin place)
    {
        foreach (var (name, values) in then.Records)
        {
            var record = place with { Path = JsonScan.Append($"{place.Path}.records", name) };
            if (!_records.TryGetValue(name, out var entity)) UnknownRecord(name, record.At());
            else if (entity is not null) Values(entity, values, record);
        }
        for (var i = 0; i < then.Exists.Length; i++)
            if (merged.Draft.Find(then.Exists[i].Entity, place.At($".exists[{i}].entity"), _problems) is { } entity) Values(entity, then.Exists[i].Where, place.Part($".exists[{i}].where"));
        foreach (var name in then.Workflows.Keys) Workflow(name, place.File.At(JsonScan.Append($"{place.Path}.workflows", name)));
        if (then.FailsOn is null && then.Message is null && then.Records.IsEmpty && then.Exists.IsEmpty && then.Workflows.IsEmpty && then.Messages.IsEmpty && then.Mails.IsEmpty)
            _problems.Add(new Problem(ProblemCodes.TestWrong, place.At(), "The test expects nothing.", "Give failsOn, message, messages, records, exists, mails or workflows."));
    }

    private void Workflow(string name, SourceLocation location)
    {
        var names = merged.Draft.Packages.SelectMany(package => package.Workflows).Select(workflow => workflow.Value.Name)
            .Concat(merged.Draft.Entities.SelectMany(entity => entity.Rules.Where(rule => rule.Value.Timing == "after").Select(rule => $"{entity.Name}.{rule.Value.Name}"))).ToList();
        if (!names.Contains(name) && !merged.Draft.IsUnreadable("workflows", name))
            _problems.Add(new Problem(ProblemCodes.WorkflowUnknown, location, $"There is no workflow {name}.", Unknown.Remedy(name, names, "Name a workflow of this package or of one that it depends on.")));
    }

    private void DoesNothing(Origin place) =>
        _problems.Add(new Problem(ProblemCodes.TestWrong, place.At(), "The test does nothing.", "Give exactly one of create, update, delete, schedule, and on with transition or action."));

    private void Action(TestAction when, Origin place)
    {
        var done = new[] { when.Create is not null, when.Update is not null, when.Delete is not null, when.Transition is not null, when.Action is not null, when.Schedule is not null }.Count(yes => yes);
        if (done == 0) DoesNothing(place);
        if (done > 1) _problems.Add(new Problem(ProblemCodes.TestWrong, place.At(), "The test does several things at once.", "Give exactly one of create, update, delete, schedule, and on with transition or action; several in a list."));
        if (when.Create is { } create) Record(create, place.Part(".create"));
        if (when.Update is { } update && Known(update, place.At(".update")) is { } updated) Values(updated, when.Values, place.Part(".values"));
        if (when.Delete is { } delete) Known(delete, place.At(".delete"));
        if (when.Action is { } action && Known(when.On ?? "", place.At(".on")) is { } about) ScriptAction(about, action, when, place);
        if (when.Schedule is { } schedule) Schedule(schedule, place.At(".schedule"));
        if (when.Transition is { } transition && Known(when.On ?? "", place.At(".on")) is { } moved) Transition(moved, transition, place.At(".transition"));
    }

    private void Schedule(string name, SourceLocation location)
    {
        var names = merged.Draft.Packages.SelectMany(package => package.Schedules).Select(schedule => schedule.Value.Name).ToList();
        if (names.Contains(name) || merged.Draft.IsUnreadable("schedules", name)) return;
        var known = names.Count == 0 ? "There are none at all." : $"There are: {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
        _problems.Add(new Problem(ProblemCodes.TestWrong, location, $"There is no schedule {name}. {known}", Unknown.Remedy(name, names, $"Name another one, or add schedules/{name}.json.")));
    }

    private void Record(TestRecord record, Origin place)
    {
        var entity = merged.Draft.Find(record.Entity, place.At(".entity"), _problems);
        if (entity is not null) Values(entity, record.Values, place.Part(".values"));
        _records[record.As] = entity;
    }

    private void Values(DraftEntity entity, ImmutableSortedDictionary<string, JsonElement> values, Origin place)
    {
        Fields(entity, values, place);
        foreach (var (name, value) in values)
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$ref", out var reference) && !_records.ContainsKey(reference.ToString()))
                UnknownRecord(reference.ToString(), place.File.At(JsonScan.Append(place.Path, name)));
    }

    // A test may well try a value that is refused: only the names have to be right.
    private void Fields(DraftEntity entity, ImmutableSortedDictionary<string, JsonElement> values, Origin place)
    {
        foreach (var name in values.Keys)
            if (!entity.Has(name) && merged.Model.FindEntity(entity.Name)?.FindColumn(name) is null)
                _problems.Add(Unknown.Field(entity, name, place.File.At(JsonScan.Append(place.Path, name))));
    }

    private void Transition(DraftEntity entity, string name, SourceLocation location)
    {
        var names = (entity.Source.Lifecycle?.Transitions ?? []).Select(each => each.Name).ToList();
        if (!names.Contains(name))
            _problems.Add(new Problem(ProblemCodes.TransitionUnknown, location, $"{entity.Name} has no transition {name}.", Unknown.Remedy(name, names, "Name a transition of the entity's lifecycle.")));
    }

    // A test may well try a parameter that is refused.
    private void ScriptAction(DraftEntity entity, string name, TestAction when, Origin place)
    {
        var names = merged.Draft.Packages.SelectMany(package => package.Actions).Where(action => action.Value.Entity == entity.Name).Select(action => action.Value.Name).ToList();
        if (!names.Contains(name)) _problems.Add(new Problem(ProblemCodes.TestWrong, place.At(".action"), $"{entity.Name} has no action {name}.", Unknown.Remedy(name, names, "Name an action of the record's entity.")));
        foreach (var (parameter, value) in when.Values)
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$ref", out var reference) && !_records.ContainsKey(reference.ToString()))
                UnknownRecord(reference.ToString(), place.File.At(JsonScan.Append($"{place.Path}.values", parameter)));
    }

    private DraftEntity? Known(string name, SourceLocation location)
    {
        if (_records.TryGetValue(name, out var entity)) return entity;
        UnknownRecord(name, location);
        return null;
    }

    private void UnknownRecord(string name, SourceLocation location) =>
        _problems.Add(new Problem(ProblemCodes.TestRecordUnknown, location, $"There is no record {name} at this point of the test.", Unknown.Remedy(name, _records.Keys, "Make it first, with \"as\" and this name.")));
}
