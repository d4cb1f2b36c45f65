using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Hosting;

/// <summary>Things of the model that a request names.</summary>
internal static class AskedElements
{
    /// <summary>An entity by its name.</summary>
    /// <exception cref="XrmException">400: there is none.</exception>
    public static Entity Entity(Model model, string name) => model.FindEntity(name) ?? throw Unknown("entity", name, model.Entities.Select(entity => entity.Name));

    /// <summary>An action by its name.</summary>
    /// <exception cref="XrmException">400: there is none.</exception>
    public static ScriptAction Action(Model model, string name) => model.Actions.FirstOrDefault(action => action.Name == name) ?? throw Unknown("action", name, model.Actions.Select(action => action.Name));

    private static XrmException Unknown(string parameter, string name, IEnumerable<string> known) =>
        XrmException.Invalid([new FieldError(parameter, "unknown", $"There is no {parameter} {name}.{(Names.Nearest(name, known) is { } near ? $" Did you mean {near}?" : "")}")]);
}
