using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Actions of all packages with their scripts. What leads nowhere is left out; the checks tell of it.</summary>
internal sealed class ActionBuilder(Draft draft, FrozenDictionary<string, Entity> entities)
{
    public ImmutableArray<ScriptAction> Build() =>
    [
        .. draft.Packages.SelectMany(package => package.Actions.Select(action => Action(package, action))).OfType<ScriptAction>().DistinctBy(action => action.Name),
    ];

    private ScriptAction? Action(Package package, InFile<Source.ScriptAction> file)
    {
        var source = file.Value;
        var entity = source.Entity is { } name ? entities.GetValueOrDefault(name) : null;
        if ((source.Entity is not null && entity is null) || ScriptText.Of(package, source.Script) is not { } text) return null;
        var script = new Script(ScriptKind.Action, source.Name, text, new SourceLocation(package.Manifest.Name, $"rules/{source.Script}")) { Entity = entity, RunsAsSystem = source.RunAs == "system" };
        return new ScriptAction(source, entity, script, entity is null ? null : Located.Expression(source.When, file.At("$.when")));
    }
}

/// <summary>The JavaScript of script files.</summary>
internal static class ScriptText
{
    /// <summary>What runs for a file that a rule or action names; null where there is none.</summary>
    public static string? Of(Package package, string file) => package.Scripts.GetValueOrDefault(BuiltScript.IsSource(file) ? BuiltScript.OutputOf(file) : file);
}
