using Xrm.Formulas.Nodes;
using Xrm.Formulas.Parsing;
using Xrm.Metadata;

namespace Xrm.Formulas.Typing;

internal sealed partial class Checker
{
    /// <summary><c>setting('company').currency</c>: a value of the one record of an entity, or of one that it points to.</summary>
    private Node Setting(CallSyntax call, List<(string Name, int Position)> names)
    {
        if (call.Arguments is not [LiteralSyntax { Value: string name }])
            return Mistake(call.Position, FormulaProblems.Kind, "setting takes the name of an entity of settings, as a text.", "Write setting('company').currency.");
        if (model.FindEntity(name) is not { } settings)
            return Mistake(call.Position, FormulaProblems.UnknownName, $"There are no settings '{name}'.", Known(name));
        if (!settings.IsSettings)
            return Mistake(call.Position, FormulaProblems.Use, $"{name} is no entity of settings: it may have many records, and the formula does not say which.", $"Reach one through a lookup. {Known(name)}");
        return Field(settings, names, PathStart.Setting);
    }

    private Node SettingAlone(CallSyntax call) =>
        Mistake(call.Position, FormulaProblems.Use, "The settings as a whole are no value.", "Write the field behind it: setting('company').currency.");

    private string Known(string wanted)
    {
        var known = model.Entities.Where(entity => entity.IsSettings).Select(entity => entity.Name).ToArray();
        if (known.Length == 0) return "An entity is one of settings by \"kind\": \"settings\"; there is none yet.";
        return Names.Nearest(wanted, known) is { } near ? $"Did you mean setting('{near}')?" : $"Known are {string.Join(", ", known.Select(name => $"setting('{name}')"))}.";
    }
}
