using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Scripting;

namespace Xrm.Server.Features.Scripts;

/// <summary>Type-checks and compiles the scripts of packages that are written in TypeScript, against the entities of these packages.</summary>
internal sealed class ScriptBuild(ScriptCompiler compiler, ScriptEngine engine)
{
    /// <summary>Compiles. Writes nothing.</summary>
    /// <returns>The outputs by package and file name, and no problems; or every mistake found.</returns>
    public async Task<ScriptBuildResult> RunAsync(PackageSet set, CancellationToken ct)
    {
        var (model, wrong) = set.Compile();
        if (model is null) return new([], wrong);
        ImmutableArray<(Package Package, string File, string Text)> sources =
            [.. from name in set.Named let package = set.Packages[name] from source in package.ScriptSources select (package, source.Key, source.Value)];
        if (sources.IsEmpty) return new([], []);
        var uses = ScriptInputs.Uses(model);
        var compiled = await compiler.CompileAsync(Request(model, sources, uses), ct);
        var outputs = ImmutableArray.CreateBuilder<ScriptOutput>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var ((package, file, _), result) in sources.Zip(compiled))
        {
            var place = Place(package, file);
            if (KindsOf(uses[place]).Count() > 1) problems.Add(new Problem("script_wrong", place with { Line = 1 }, $"{place.File} is used in a form and on the server.", "Give each its own file: they have different functions."));
            foreach (var mistake in result.Problems) problems.Add(new Problem("script_wrong", place with { Line = mistake.Line, Path = $"column {mistake.Column}" }, mistake.Message, ""));
            if (!result.Problems.IsEmpty) continue;
            // What the sandbox refuses is told here, and not only when somebody publishes.
            if (await CheckAsync(uses[place].FirstOrDefault(), result.Output, ct) is { } refused) problems.Add(refused);
            else outputs.Add(new ScriptOutput(package.Manifest.Name, BuiltScript.OutputOf(file), result.Output));
        }
        return new(outputs.ToImmutable(), problems.ToImmutable());
    }

    private async Task<Problem?> CheckAsync(ScriptUse? use, string output, CancellationToken ct) => use switch
    {
        { Script: { } script } => await engine.CheckAsync(script with { Text = output }, ct),
        { FormScript: { } script } => FormScriptSyntax.Check(script with { Text = output }),
        _ => null,
    };

    private static CompileRequest Request(Model model, ImmutableArray<(Package Package, string File, string Text)> sources, ILookup<SourceLocation, ScriptUse> uses) => new(
        new[] { ScriptInputs.Rule, ScriptInputs.Form }.ToImmutableSortedDictionary(kind => kind, kind => ScriptInputs.Libraries(model, kind), StringComparer.Ordinal),
        [.. sources.Select(source => ToCompile(model, source.File, source.Text, [.. uses[Place(source.Package, source.File)]]))]);

    private static ScriptToCompile ToCompile(Model model, string file, string text, IReadOnlyList<ScriptUse> uses)
    {
        var kind = KindsOf(uses).FirstOrDefault() ?? ScriptInputs.Rule;
        return new ScriptToCompile(file, text, kind, ScriptInputs.Contexts(model, kind, [.. uses.Where(use => use.Kind == kind)]));
    }

    private static IEnumerable<string> KindsOf(IEnumerable<ScriptUse> uses) => uses.Select(use => use.Kind).Distinct(StringComparer.Ordinal);

    private static SourceLocation Place(Package package, string file) => new(package.Manifest.Name, $"rules/{file}");
}

/// <summary>The outcome of compiling the scripts of packages.</summary>
/// <param name="Outputs">What is to be written.</param>
/// <param name="Problems">Every mistake found.</param>
internal sealed record ScriptBuildResult(ImmutableArray<ScriptOutput> Outputs, ImmutableArray<Problem> Problems);

/// <summary>A compiled script.</summary>
/// <param name="Package">Name of its package.</param>
/// <param name="File">File name under <c>rules/</c>.</param>
/// <param name="Text">Its text, with the header.</param>
internal sealed record ScriptOutput(string Package, string File, string Text);
