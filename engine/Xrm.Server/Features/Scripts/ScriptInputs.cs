using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Scripting.Declarations;

namespace Xrm.Server.Features.Scripts;

/// <summary>What scripts are checked against, the same on the command line and in the browser.</summary>
internal static class ScriptInputs
{
    /// <summary>Scripts that run on the server: of rules, actions and schedules.</summary>
    public const string Rule = "rule";

    /// <summary>Scripts that run in forms.</summary>
    public const string Form = "form";

    /// <summary>Declarations that every script of a kind sees. What JavaScript brings itself is part of those for rules; for forms the compiler has it.</summary>
    public static ImmutableArray<ScriptLibrary> Libraries(Model model, string kind)
    {
        var entities = new ScriptLibrary("entities.d.ts", ScriptDeclarations.Entities(model));
        return kind == Form
            ? [new ScriptLibrary("form.d.ts", ScriptDeclarations.FormFunctions), entities]
            : [new ScriptLibrary("library.d.ts", ScriptDeclarations.Library), new ScriptLibrary("functions.d.ts", ScriptDeclarations.Functions), entities];
    }

    /// <summary>Declarations of <c>record</c> and <c>parameters</c>: one for each different use of a script, and one that allows anything where it is used for nothing.</summary>
    /// <param name="kind">Where the script runs.</param>
    /// <param name="entities">Entities of the records that it is used for other than by actions; null for none.</param>
    /// <param name="actions">The actions that run it.</param>
    public static string[] Contexts(string kind, IEnumerable<Entity?> entities, IReadOnlyCollection<ScriptAction> actions)
    {
        if (kind == Form) return [.. entities.Distinct().DefaultIfEmpty().Select(ScriptDeclarations.FormContext)];
        // A rule that runs when an action saves sees the parameters of that action, whichever it is.
        var others = entities.Distinct().Select(entity => ScriptDeclarations.Context(entity, []));
        var run = actions.Select(action => action.Entity).Distinct().Select(entity => ScriptDeclarations.Context(entity, actions));
        return [.. others.Concat(run).DefaultIfEmpty(ScriptDeclarations.Context(null, []))];
    }

    /// <summary>The same, of the uses of a script.</summary>
    public static string[] Contexts(Model model, string kind, IReadOnlyCollection<ScriptUse> uses)
    {
        var actions = uses.Where(use => use.Script?.Kind == ScriptKind.Action).Select(use => model.FindAction(use.Entity, use.Script!.Name)).OfType<ScriptAction>().ToList();
        return Contexts(kind, uses.Where(use => use.Script?.Kind != ScriptKind.Action).Select(use => use.Entity), actions);
    }

    /// <summary>What the model uses scripts for, by their files as authors write them.</summary>
    public static ILookup<SourceLocation, ScriptUse> Uses(Model model) =>
        model.Scripts.Select(script => (script.Location, Use: new ScriptUse(Rule, script.Entity, script, null)))
            .Concat(model.Entities.SelectMany(entity => entity.FormScripts.Select(script => (script.Location, Use: new ScriptUse(Form, entity, null, script)))))
            .ToLookup(each => each.Location, each => each.Use);
}

/// <summary>One use of a script.</summary>
/// <param name="Kind"><see cref="ScriptInputs.Rule"/> or <see cref="ScriptInputs.Form"/>.</param>
/// <param name="Entity">Entity of the record that it sees; null for none.</param>
/// <param name="Script">The script where it runs on the server.</param>
/// <param name="FormScript">The script where it runs in forms.</param>
internal sealed record ScriptUse(string Kind, Entity? Entity, Script? Script, FormScript? FormScript);
