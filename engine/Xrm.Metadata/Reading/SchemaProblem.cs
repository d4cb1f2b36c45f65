using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>Says a violation of a JSON Schema in people's words, with a remedy.</summary>
internal static class SchemaProblem
{
    public static Problem Of(ValidationError error, SchemaErrorPlace place, SourceFile file)
    {
        var value = place.Value;
        var location = file.At(place.Path);
        var schema = error.Schema.ActualSchema;
        var (code, message, remedy) = error.Kind switch
        {
            ValidationErrorKind.NoAdditionalPropertiesAllowed => UnknownProperty(error.Property, schema),
            ValidationErrorKind.PropertyRequired => (ProblemCodes.PropertyMissing, $"The property {error.Property} is missing.", Sentence("Add it", schema.Properties[error.Property].Description)),
            ValidationErrorKind.NotInEnumeration => NotAllowed(value, schema),
            ValidationErrorKind.PatternMismatch => WrongForm(value, schema),
            ValidationErrorKind.NumberTooSmall or ValidationErrorKind.NumberTooBig or ValidationErrorKind.IntegerTooBig =>
                (ProblemCodes.ValueOutOfRange, $"The number {value} is out of range.", $"Write a number from {schema.Minimum} to {schema.Maximum}."),
            ValidationErrorKind.TooFewItems => (ProblemCodes.ValueOutOfRange, "The list is empty.", Sentence("Name at least one", schema.Description)),
            _ => (ProblemCodes.ValueTypeWrong, $"Here stands {Found(value)}.", $"Write {Expected(schema)}."),
        };
        return new Problem(code, location, message, remedy);
    }

    private static (string, string, string) UnknownProperty(string name, JsonSchema schema)
    {
        var known = schema.Properties.Keys.Where(key => key != "$schema").ToList();
        return (ProblemCodes.PropertyUnknown, $"There is no property {name} here.", Unknown.Remedy(name, known, $"Known are {string.Join(", ", known)}."));
    }

    private static (string, string, string) NotAllowed(JToken? value, JsonSchema schema)
    {
        var allowed = schema.Enumeration.Select(each => $"{each}").ToList();
        return (ProblemCodes.ValueNotAllowed, $"The value {value} is not allowed here.", Unknown.Remedy($"{value}", allowed, $"Write one of {string.Join(", ", allowed)}."));
    }

    private static (string, string, string) WrongForm(JToken? value, JsonSchema schema)
    {
        var remedy = schema.Pattern switch
        {
            Names.Pattern => "Names begin with a small letter and have small letters, digits and underscores, 63 at most.",
            Names.QualifiedPattern => "Write ENTITY.NAME, each of small letters, digits and underscores.",
            _ => $"It must match {schema.Pattern}.",
        };
        return (ProblemCodes.NameInvalid, $"'{value}' does not have the right form.", remedy);
    }

    private static string Found(JToken? value) => value?.Type switch
    {
        JTokenType.String => "a text",
        JTokenType.Integer or JTokenType.Float => "a number",
        JTokenType.Boolean => $"{value.ToString().ToLowerInvariant()}",
        JTokenType.Array => "a list",
        JTokenType.Object => "an object",
        _ => "null",
    };

    private static string Expected(JsonSchema written)
    {
        var schema = written.ActualSchema;
        if (schema.AnyOf.Count > 0) return string.Join(" or ", schema.AnyOf.Select(Expected));
        var kinds = new List<string>();
        if (schema.Type.HasFlag(JsonObjectType.Boolean)) kinds.Add("true or false");
        if (schema.Type.HasFlag(JsonObjectType.String)) kinds.Add("a text in quotes");
        if (schema.Type.HasFlag(JsonObjectType.Integer)) kinds.Add("a whole number");
        if (schema.Type.HasFlag(JsonObjectType.Number)) kinds.Add("a number");
        if (schema.Type.HasFlag(JsonObjectType.Array)) kinds.Add("a list [ … ]");
        if (schema.Type.HasFlag(JsonObjectType.Object)) kinds.Add("an object { … }");
        return string.Join(" or ", kinds);
    }

    private static string Sentence(string start, string? rest) => string.IsNullOrEmpty(rest) ? $"{start}." : $"{start}: {rest}";
}
