using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using ScriptAction = Xrm.Metadata.Compiled.ScriptAction;

namespace Xrm.Server.Features.OpenApi;

/// <summary>Describes what actions take, and those that are about no record.</summary>
internal static class ActionSchemas
{
    /// <summary>Adds the actions about no record that a caller may run.</summary>
    public static void AddTo(JsonObject paths, Model model, Caller caller)
    {
        foreach (var action in model.Actions.Where(action => action.Entity is null && caller.MayRun(action)))
        {
            var operation = new JsonObject
            {
                ["operationId"] = $"action_{action.Name}",
                ["summary"] = action.Label,
                ["tags"] = new JsonArray("Actions"),
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "What the action returned.",
                        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["value"] = new JsonObject() } } } },
                    },
                    ["400"] = Problem(),
                    ["403"] = Problem(),
                    ["422"] = Problem(),
                },
            };
            if (action.Source.Description is { } description) operation["description"] = description;
            if (Body(action) is { } body) operation["requestBody"] = body;
            paths[$"/api/actions/{action.Name}"] = new JsonObject { ["post"] = operation };
        }
    }

    /// <summary>What an action takes; null where that is nothing.</summary>
    public static JsonObject? Body(ScriptAction action)
    {
        if (action.Source.Parameters.IsEmpty) return null;
        var required = action.Source.Parameters.Where(parameter => parameter.Required && parameter.Default is null).Select(parameter => (JsonNode)parameter.Name).ToArray();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(action.Source.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)Schema(parameter)))) };
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return new JsonObject { ["required"] = required.Length > 0, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } } };
    }

    private static JsonObject Schema(ActionParameter parameter)
    {
        var (type, format) = parameter.Type switch
        {
            "integer" => ("integer", null),
            "decimal" => ("number", null),
            "boolean" => ("boolean", null),
            "date" => ("string", "date"),
            "datetime" => ("string", "date-time"),
            "lookup" => ("string", "uuid"),
            _ => ("string", (string?)null),
        };
        var schema = new JsonObject { ["type"] = type, ["title"] = parameter.Label ?? Names.ToLabel(parameter.Name) };
        if (format is not null) schema["format"] = format;
        if (parameter.Description is { } description) schema["description"] = description;
        if (!parameter.Options.IsEmpty) schema["enum"] = new JsonArray([.. parameter.Options.Select(option => (JsonNode)option.Value)]);
        if (parameter.Min is { } least) schema["minimum"] = least;
        if (parameter.Max is { } most) schema["maximum"] = most;
        if (parameter.MaxLength is { } length) schema["maxLength"] = length;
        if (parameter.Default is { } value) schema["default"] = JsonNode.Parse(value.GetRawText());
        return schema;
    }

    private static JsonObject Problem() => new() { ["$ref"] = "#/components/responses/problem" };
}
