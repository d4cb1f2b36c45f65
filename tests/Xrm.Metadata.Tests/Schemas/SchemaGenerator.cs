using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Schemas;

/// <summary>Writes the JSON Schema of a file kind from the record that the file becomes.</summary>
internal sealed class SchemaGenerator(Docstrings docs, ImmutableArray<string> fieldTypes)
{
    private readonly JsonObject _definitions = [];

    public static JsonObject Generate(Type type, Docstrings docs, ImmutableArray<string> fieldTypes)
    {
        var generator = new SchemaGenerator(docs, fieldTypes);
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = type.Name, ["description"] = docs.Of(type) };
        foreach (var (name, value) in generator.Object(type).ToList()) schema[name] = value!.DeepClone();
        if (generator._definitions.Count > 0) schema["definitions"] = generator._definitions.DeepClone();
        return schema;
    }

    private JsonObject Object(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties().Where(property => property.GetMethod is { IsStatic: false } && property.Name != "EqualityContract"))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            properties[name] = Property(type, property);
            if (property.IsDefined(typeof(RequiredMemberAttribute))) required.Add(name);
        }
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    private JsonObject Property(Type owner, PropertyInfo property)
    {
        var schema = new JsonObject { ["description"] = docs.Of(owner, property.Name) };
        var value = Special(owner, property) ?? Value(property.PropertyType);
        Restrict(value, property);
        foreach (var (key, part) in value.ToList()) schema[key] = part!.DeepClone();
        return schema;
    }

    private JsonObject? Special(Type owner, PropertyInfo property) => (owner.Name, property.Name) switch
    {
        (nameof(Field), nameof(Field.Type)) when !fieldTypes.IsEmpty => new JsonObject { ["type"] = "string", ["enum"] = Texts(fieldTypes) },
        (nameof(Option), nameof(Option.Value)) => TextOrInteger(),
        (nameof(Option), nameof(Option.When)) => new JsonObject { ["type"] = "array", ["items"] = TextOrInteger() },
        _ => null,
    };

    private JsonObject Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int)) return new JsonObject { ["type"] = "integer" };
        if (type == typeof(decimal)) return new JsonObject { ["type"] = "number" };
        if (type == typeof(JsonElement)) return [];
        if (type == typeof(Condition)) return AnyOf(Value(typeof(bool)), Value(typeof(string)));
        if (type == typeof(Options)) return AnyOf(Value(typeof(string)), Value(typeof(ImmutableArray<Option>)));
        if (type == typeof(TestActions)) return AnyOf(Item(typeof(TestAction)), Value(typeof(ImmutableArray<TestAction>)));
        if (type == typeof(Personal)) return AnyOf(Value(typeof(bool)), Object(type));
        if (type == typeof(FormField)) return AnyOf(Value(typeof(string)), Place());
        var arguments = type.IsGenericType ? type.GetGenericArguments() : [];
        if (arguments.Length == 1) return new JsonObject { ["type"] = "array", ["items"] = Item(arguments[0]) };
        if (arguments.Length == 2) return new JsonObject { ["type"] = "object", ["additionalProperties"] = arguments[1] == typeof(JsonElement) ? true : Item(arguments[1]) };
        return Object(type);
    }

    /// <summary>Records in lists are definitions of their own: some contain themselves.</summary>
    private JsonObject Item(Type type)
    {
        if (type.Namespace != typeof(Field).Namespace || type == typeof(FormField)) return Value(type);
        if (!_definitions.ContainsKey(type.Name))
        {
            _definitions[type.Name] = new JsonObject();
            var definition = new JsonObject { ["description"] = docs.Of(type) };
            foreach (var (key, part) in Object(type).ToList()) definition[key] = part!.DeepClone();
            _definitions[type.Name] = definition;
        }
        return new JsonObject { ["$ref"] = $"#/definitions/{type.Name}" };
    }

    private JsonObject Place()
    {
        var place = Object(typeof(FormField));
        place["properties"]!["span"]!["minimum"] = 1;
        place["properties"]!["span"]!["maximum"] = 4;
        place["required"] = new JsonArray("field");
        return place;
    }

    private static void Restrict(JsonObject value, PropertyInfo property)
    {
        var text = (JsonObject?)value["items"] ?? value;
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed) text["enum"] = Texts(allowed.Values.Cast<string>());
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern) text["pattern"] = pattern.Pattern;
        if (property.GetCustomAttribute<MinLengthAttribute>() is { } length) value["minItems"] = length.Length;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range) (value["minimum"], value["maximum"]) = ((int)range.Minimum, (int)range.Maximum);
    }

    private static JsonObject AnyOf(params JsonNode[] branches) => new() { ["anyOf"] = new JsonArray(branches) };

    private static JsonObject TextOrInteger() => new() { ["type"] = new JsonArray("string", "integer") };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
