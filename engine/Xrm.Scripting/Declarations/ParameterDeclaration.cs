using System.Text;
using System.Text.Json;
using Xrm.Metadata;
using Xrm.Metadata.Source;
using ScriptAction = Xrm.Metadata.Compiled.ScriptAction;

namespace Xrm.Scripting.Declarations;

/// <summary>What scripts see as <c>parameters</c>.</summary>
internal static class ParameterDeclaration
{
    /// <summary>The parameters of all actions that run a script: each of the type that any of them gives it, and missing where one of them does not have it.</summary>
    /// <param name="actions">The actions; without any, there may be parameters of any name.</param>
    public static string Of(IReadOnlyCollection<ScriptAction> actions)
    {
        var text = new StringBuilder("/** What the caller of an action sent, by the names of its parameters. */\ninterface ActionParameters {\n");
        if (actions.Count == 0) text.Append("  readonly [name: string]: any;\n");
        foreach (var same in actions.SelectMany(action => action.Source.Parameters).GroupBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            var types = same.Select(TypeOf).Distinct(StringComparer.Ordinal).ToList();
            if (!same.All(IsAlwaysThere)) types.Add("null");
            if (same.Count() < actions.Count) types.Add("undefined");
            var first = same.First();
            text.Append($"  /** {EntityDeclaration.Plain(first.Label ?? Names.ToLabel(first.Name))} ({first.Type}{(first.Target is null ? "" : $": {first.Target}")}). */\n  readonly {first.Name}: {string.Join(" | ", types)};\n");
        }
        return text.Append("}\n/** What the caller of an action sent. */\ndeclare const parameters: ActionParameters;\n").ToString();
    }

    // What is not sent has its default.
    private static bool IsAlwaysThere(ActionParameter parameter) => parameter.Required || parameter.Default is { ValueKind: not JsonValueKind.Null };

    private static string TypeOf(ActionParameter parameter) => parameter.Type switch
    {
        "integer" or "decimal" => "number",
        "boolean" => "boolean",
        "choice" when !parameter.Options.IsEmpty => string.Join(" | ", parameter.Options.Select(option => EntityDeclaration.Quoted(option.Value))),
        _ => "string",
    };
}
