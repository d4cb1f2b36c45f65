using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;

namespace Xrm.Server.Features.Publish;

/// <summary>Finds scripts that cannot be read, before anybody's save meets them.</summary>
internal sealed class RuleCheck(ScriptEngine scripts)
{
    /// <summary>One problem for each wrong script, with its line.</summary>
    public async Task<ImmutableArray<Problem>> RunAsync(Model model, CancellationToken ct)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var script in model.Scripts)
            if (await scripts.CheckAsync(script, ct) is { } problem) problems.Add(problem);
        foreach (var script in model.Entities.SelectMany(entity => entity.FormScripts).DistinctBy(script => script.Location))
            if (FormScriptSyntax.Check(script) is { } problem) problems.Add(problem);
        return problems.ToImmutable();
    }
}
