using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Rules and actions name scripts that are there, and what was compiled fits its source.</summary>
internal static class ScriptCheck
{
    public static IEnumerable<Problem> Check(DraftEntity entity, Draft draft) => entity.Rules.Select(rule => Check(rule, draft))
        .Concat(entity.FormScripts.Select(script => Check(script.Value, Package(draft, script.Package), script.Origin.At()))).OfType<Problem>();

    private static Problem? Check(Placed<Rule> rule, Draft draft) =>
        rule.Value.Script is { } name ? Check(name, Package(draft, rule.Package), rule.Origin.At(".script")) : null;

    private static Package Package(Draft draft, string name) => draft.Packages.First(package => package.Manifest.Name == name);

    /// <summary>What is wrong with the name of a script; null where nothing is.</summary>
    /// <param name="name">File name under <c>rules/</c>.</param>
    /// <param name="package">The package that names it.</param>
    /// <param name="place">Where.</param>
    public static Problem? Check(string name, Package package, SourceLocation place)
    {
        var isThere = package.Scripts.ContainsKey(name) || package.ScriptSources.ContainsKey(name);
        if (!isThere)
        {
            if (package.Problems.Any(problem => problem.Location.File == $"rules/{name}")) return null;
            var known = package.Scripts.Keys.Concat(package.ScriptSources.Keys);
            return new Problem(ProblemCodes.ScriptMissing, place, $"The package has no file rules/{name}.", Unknown.Remedy(name, known, "Add the file, or name another one."));
        }
        if (BuiltScript.IsSource(name)) return Output(package, name, place);
        return package.ScriptSources.ContainsKey(BuiltScript.SourceOf(name))
            ? new Problem(ProblemCodes.ScriptOfSource, place, $"rules/{name} is made from rules/{BuiltScript.SourceOf(name)}.", $"Name {BuiltScript.SourceOf(name)}.")
            : null;
    }

    private static Problem? Output(Package package, string name, SourceLocation place)
    {
        var output = BuiltScript.OutputOf(name);
        if (!package.Scripts.TryGetValue(output, out var text))
            return new Problem(ProblemCodes.ScriptNotBuilt, place, $"rules/{name} is not compiled: the package has no file rules/{output}.", Remedy(package));
        return BuiltScript.Fits(name, package.ScriptSources[name], text)
            ? null
            : new Problem(ProblemCodes.ScriptNotBuilt, place, $"rules/{output} does not fit rules/{name}: one of the two was changed since it was compiled.", Remedy(package));
    }

    private static string Remedy(Package package) => $"Run xrm build with the folder of {package.Manifest.Name}.";
}
