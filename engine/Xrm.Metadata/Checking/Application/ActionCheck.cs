using Xrm.Metadata.Checking.Entities;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Actions name an entity, a script and roles that are there, and their parameters can be asked for.</summary>
internal static class ActionCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Packages.SelectMany(package => package.Actions.SelectMany(action => Of(package, action, merged.Draft)));

    private static List<Problem> Of(Package package, InFile<ScriptAction> action, Draft draft)
    {
        var problems = Unknown.Roles(draft, action.Value.Roles, i => action.At($"$.roles[{i}]")).ToList();
        if (action.Value.Entity is { } entity) draft.Find(entity, action.At("$.entity"), problems);
        else if (action.Value.When is not null) problems.Add(new Problem(ProblemCodes.ActionWrong, action.At("$.when"), "An action without an entity has no record that its condition could be about.", "Name an entity, or take out when."));
        if (ScriptCheck.Check(action.Value.Script, package, action.At("$.script")) is { } wrong) problems.Add(wrong);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < action.Value.Parameters.Length; i++)
        {
            var (parameter, origin) = (action.Value.Parameters[i], new Origin(action.File, $"$.parameters[{i}]"));
            if (!names.Add(parameter.Name)) problems.Add(new Problem(ProblemCodes.NameTwice, origin.At(".name"), $"There are two parameters named {parameter.Name}.", "Rename one of them."));
            problems.AddRange(Settings(parameter, origin));
            if (parameter.Target is { } target && parameter.Type == "lookup") draft.Find(target, origin.At(".target"), problems);
        }
        return problems;
    }

    private static IEnumerable<Problem> Settings(ActionParameter parameter, Origin at)
    {
        if (parameter.Type == "choice" && parameter.Options.IsEmpty) yield return Wrong(at.At(), $"{parameter.Name} has nothing to choose.", "Add options with at least one value.");
        if (parameter.Type == "lookup" && parameter.Target is null) yield return Wrong(at.At(), $"{parameter.Name} does not say which records it takes.", "Add target with the name of an entity.");
        (string Name, bool IsThere, string[] Types)[] settings =
        [
            ("options", !parameter.Options.IsEmpty, ["choice"]), ("target", parameter.Target is not null, ["lookup"]), ("min", parameter.Min is not null, ["integer", "decimal"]),
            ("max", parameter.Max is not null, ["integer", "decimal"]), ("maxLength", parameter.MaxLength is not null, ["text", "multiline"]),
        ];
        foreach (var setting in settings)
            if (setting.IsThere && !setting.Types.Contains(parameter.Type)) yield return Wrong(at.At($".{setting.Name}"), $"A parameter of type {parameter.Type} takes no {setting.Name}.", $"Take out {setting.Name}.");
        if (parameter.Default is { } value && Compiled.ParameterValue.Mistake(parameter, value) is { } mistake) yield return Wrong(at.At(".default"), $"{parameter.Name} {mistake}", "Correct the default.");
    }

    private static Problem Wrong(SourceLocation location, string message, string remedy) => new(ProblemCodes.ActionWrong, location, message, remedy);
}
