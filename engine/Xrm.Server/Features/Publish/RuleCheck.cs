using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Scripting;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Features.Publish;

/// <summary>Finds what the server could not carry out, before anybody's save meets it: scripts that cannot be read, secrets that cannot be encrypted.</summary>
internal sealed class RuleCheck(ScriptEngine scripts, SecretProtection secrets)
{
    /// <summary>One problem for each script or field at fault, with its line.</summary>
    public async Task<ImmutableArray<Problem>> RunAsync(Model model, CancellationToken ct)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var script in model.Scripts)
            if (await scripts.CheckAsync(script, ct) is { } problem) problems.Add(problem);
        foreach (var script in model.Entities.SelectMany(entity => entity.FormScripts).DistinctBy(script => script.Location))
            if (FormScriptSyntax.Check(script) is { } problem) problems.Add(problem);
        foreach (var field in model.Entities.SelectMany(entity => entity.Fields).Where(field => field.Type is SecretType))
            if (!secrets.IsAvailable) problems.Add(new Problem(ProblemCodes.MasterKeyMissing, field.Location, $"{field} is a secret, and the server has no master key to encrypt it with.", "Start the server with XRM_MASTER_KEY or XRM_MASTER_KEY_FILE: 32 random bytes in base 64, as openssl rand -base64 32 prints them."));
        return problems.ToImmutable();
    }
}
