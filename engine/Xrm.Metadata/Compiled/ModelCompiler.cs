using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Compiled.Building;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Compiled;

/// <summary>Merges, checks and resolves packages into one model.</summary>
/// <param name="types">The field types that packages may use.</param>
public sealed class ModelCompiler(FieldTypeRegistry types)
{
    /// <summary>Compiles all packages of an organisation together.</summary>
    /// <param name="packages">The packages as read, in any order.</param>
    /// <param name="more">
    /// Further checks, such as that of the formulas, so that their problems are reported together with the others. They look at the
    /// model as soon as all fields of its entities are known, even where something else, or what names a field, has mistakes.
    /// </param>
    /// <param name="areChecked">This very build of the engine has compiled the packages together before, and found no mistake: they are not checked again.</param>
    /// <returns>The model, and no problems; or no model, and every problem found, those of the reading included.</returns>
    public (Model? Model, ImmutableArray<Problem> Problems) Compile(IEnumerable<Source.Package> packages, Func<Model, IEnumerable<Problem>>? more = null, bool areChecked = false)
    {
        var problems = new List<Problem>();
        var ordered = PackageOrder.Sort(packages, problems);
        problems.AddRange(ordered.SelectMany(package => package.Problems));
        var found = new List<Problem>();
        var draft = new Merger(ordered, found).Merge();
        // What does not resolve is left out of the model, so that the rest of it can be checked as well.
        var model = Build(draft);
        if (!areChecked) found.AddRange(Checks.All(new Merged(draft, model, types)));
        problems.AddRange(Consequences.LeftOut(found, problems));
        if (more is not null && !problems.Exists(LeavesOutFields)) problems.AddRange(more(model));
        return problems.Count == 0 ? (model, []) : (null, [.. problems]);
    }

    // A key of a field that is not there is a mistake of its own: formulas that ask for the field are told together with it.
    private static bool LeavesOutFields(Problem problem) =>
        problem.Code is not (ProblemCodes.FieldUnknown or ProblemCodes.OptionUnknown or ProblemCodes.RoleUnknown or ProblemCodes.DefaultWrong)
        && (problem.Location.File == "manifest.json" || problem.Location.File.Split('/')[0] is "entities" or "extensions" or "options");

    private Model Build(Draft draft)
    {
        var entities = new EntityBuilder(draft, types).Build();
        var byName = entities.ToFrozenDictionary(entity => entity.Name, StringComparer.Ordinal);
        new Resolver(draft, byName).Resolve();
        var screens = new ScreenBuilder(draft, byName);
        return new Model(entities)
        {
            Packages = draft.Packages,
            Reach = draft.Reach,
            Forms = screens.Forms(),
            Views = screens.Views(),
            Workflows = new WorkflowBuilder(draft, byName).Build(),
            Actions = new ActionBuilder(draft, byName).Build(),
            Schedules = Schedules(draft),
            Apps = [.. draft.Packages.SelectMany(package => package.Apps).Select(app => app.Value)],
            Roles = draft.Packages.SelectMany(package => package.Roles).Select(role => role.Value)
                .DistinctBy(role => role.Name).ToFrozenDictionary(role => role.Name, StringComparer.Ordinal),
            RowFilters = RowFilters(draft, byName),
            Currencies = draft.Packages.Select(package => package.Manifest.Currencies).FirstOrDefault(currencies => currencies is not null),
            Language = draft.Packages.Select(package => package.Manifest.Language).FirstOrDefault(language => language is not null),
            TimeZone = draft.Packages.Select(package => package.Manifest.TimeZone).FirstOrDefault(zone => zone is not null) ?? "UTC",
            Texts = Texts(draft),
        };
    }

    private static FrozenDictionary<(string, string), Expression> RowFilters(Draft draft, FrozenDictionary<string, Entity> entities) => (
        from role in draft.Packages.SelectMany(package => package.Roles).DistinctBy(role => role.Value.Name)
        from rights in role.Value.Entities
        where rights.Value.Filter is not null && entities.ContainsKey(rights.Key)
        select KeyValuePair.Create((role.Value.Name, rights.Key), new Expression(rights.Value.Filter!, role.At(JsonScan.Append("$.entities", rights.Key) + ".filter")))).ToFrozenDictionary();

    private static ImmutableArray<Schedule> Schedules(Draft draft) =>
    [
        .. from package in draft.Packages
           from schedule in package.Schedules
           let text = ScriptText.Of(package, schedule.Value.Script)
           where text is not null
           select new Schedule(schedule.Value, new Script(ScriptKind.Schedule, schedule.Value.Name, text, new SourceLocation(package.Manifest.Name, $"rules/{schedule.Value.Script}")) { RunsAsSystem = true }),
    ];

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Texts(Draft draft) => draft.Packages
        .SelectMany(package => package.Translations)
        .GroupBy(translation => translation.Value.Language, StringComparer.Ordinal)
        .ToFrozenDictionary(
            group => group.Key,
            group => group.SelectMany(translation => translation.Value.Texts)
                .DistinctBy(text => text.Key).ToFrozenDictionary(text => text.Key, text => text.Value, StringComparer.Ordinal),
            StringComparer.Ordinal);
}
