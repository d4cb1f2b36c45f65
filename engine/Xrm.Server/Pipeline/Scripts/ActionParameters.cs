using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using ScriptAction = Xrm.Metadata.Compiled.ScriptAction;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Reads what the caller of an action sent.</summary>
internal static class ActionParameters
{
    /// <summary>A JSON object with a value for each parameter: the one that was sent, else the default, else null.</summary>
    /// <param name="action">The action.</param>
    /// <param name="body">What was sent; undefined for nothing.</param>
    /// <exception cref="XrmException">400 with every mistake.</exception>
    public static JsonElement Read(ScriptAction action, JsonElement body)
    {
        if (body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
            throw new XrmException("invalid_body", 400, $"{action.Label} takes a JSON object: the values of its parameters by name.");
        var errors = new List<FieldError>();
        if (body.ValueKind == JsonValueKind.Object)
            foreach (var sent in body.EnumerateObject().Where(sent => action.Source.Parameters.All(parameter => parameter.Name != sent.Name)))
                errors.Add(new FieldError(sent.Name, "unknown_parameter", $"{action.Label} has no parameter {sent.Name}.{Near(action, sent.Name)}"));
        var values = JsonText.Read(writer =>
        {
            writer.WriteStartObject();
            foreach (var parameter in action.Source.Parameters) Write(writer, parameter, body, errors);
            writer.WriteEndObject();
        });
        return errors.Count == 0 ? values : throw XrmException.Invalid([.. errors]);
    }

    private static void Write(Utf8JsonWriter writer, ActionParameter parameter, JsonElement body, List<FieldError> errors)
    {
        var sent = body.ValueKind == JsonValueKind.Object && body.TryGetProperty(parameter.Name, out var given) && given.ValueKind != JsonValueKind.Null ? given : parameter.Default;
        var label = parameter.Label ?? Names.ToLabel(parameter.Name);
        if (sent is not { } value)
        {
            if (parameter.Required) errors.Add(new FieldError(parameter.Name, "required", $"{label} is required."));
            writer.WriteNull(parameter.Name);
            return;
        }
        if (ParameterValue.Mistake(parameter, value) is { } mistake) errors.Add(new FieldError(parameter.Name, "invalid_value", $"{label} {mistake}"));
        writer.WritePropertyName(parameter.Name);
        value.WriteTo(writer);
    }

    private static string Near(ScriptAction action, string name) => Names.Nearest(name, action.Source.Parameters.Select(parameter => parameter.Name)) is { } near ? $" Did you mean {near}?" : "";
}
