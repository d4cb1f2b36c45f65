using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;
using Xrm.Server.Hosting;

namespace Xrm.Server.Features.Metadata;

/// <summary>Names a thing of the model: an entity with or without a field and an option of it, a role, or a script.</summary>
/// <param name="Entity">Name of an entity.</param>
/// <param name="Field">Name of a field of it.</param>
/// <param name="Option">Stored value of an option of that.</param>
/// <param name="Role">Name of a role.</param>
/// <param name="Script">File under <c>rules/</c>.</param>
internal sealed record ElementQuery(string? Entity, string? Field = null, string? Option = null, string? Role = null, string? Script = null)
{
    /// <summary>From <c>contract</c>, <c>contract.status</c> or <c>contract.status.active</c>.</summary>
    public static ElementQuery Of(string name)
    {
        var parts = name.Split('.', 3);
        return new ElementQuery(parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2));
    }

    /// <summary>The thing.</summary>
    /// <exception cref="XrmException">400: there is no such thing, or not exactly one is named.</exception>
    public Element Find(Model model)
    {
        if (new[] { Entity, Role, Script }.Count(name => name is not null) != 1) throw Wrong("entity", "required", "Name either an entity, a role or a script.");
        if (Role is not null) return model.Roles.ContainsKey(Role) ? Element.OfRole(Role) : throw Unknown("role", $"There is no role {Role}.", Role, model.Roles.Keys);
        if (Script is not null)
        {
            var scripts = model.Packages.SelectMany(package => package.Scripts.Keys.Concat(package.ScriptSources.Keys)).ToList();
            return scripts.Contains(Script) ? Element.OfScript(Script) : throw Unknown("script", $"There is no script {Script}.", Script, scripts);
        }
        if (Option is not null && Field is null) throw Wrong("field", "required", "Name the field that has the option.");
        var entity = AskedElements.Entity(model, Entity!);
        if (Field is null) return Element.OfEntity(entity.Name);
        var field = entity.FindField(Field) ?? throw Unknown("field", $"{entity} has no field {Field}.", Field, entity.Fields.Select(each => each.Name));
        if (Option is null) return Element.OfField(field);
        var options = field.Options.Select(option => option.Value.ToString()).ToList();
        return options.Contains(Option) ? Element.OfOption(field, Option) : throw Unknown("option", $"{field} has no option {Option}.", Option, options);
    }

    private static XrmException Unknown(string parameter, string message, string wrong, IEnumerable<string> known) =>
        Wrong(parameter, "unknown", Names.Nearest(wrong, known) is { } near ? $"{message} Did you mean {near}?" : message);

    private static XrmException Wrong(string parameter, string code, string message) => XrmException.Invalid([new FieldError(parameter, code, message)]);
}
