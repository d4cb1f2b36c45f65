using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>
/// What a file's JSON Schema says about it. A file with mistakes is mended as far as possible (unknown properties go, wrong values
/// become empty ones), so that what it refers to and what refers to it can be checked as well.
/// </summary>
/// <param name="Problems">Every violation.</param>
/// <param name="IsReadable">False where nothing of the file can be used.</param>
/// <param name="Mended">The JSON without the mistakes; null where there are none.</param>
internal sealed record SchemaCheck(ImmutableArray<Problem> Problems, bool IsReadable, byte[]? Mended)
{
    /// <summary>The validator computes with decimals; what is larger than they hold is too large for it all the same.</summary>
    private const double LargestNumber = 1e28;

    private static readonly JsonSchemaValidator Validator = new();

    public static SchemaCheck Of(FileKind kind, ReadOnlySpan<byte> json, SourceFile file)
    {
        var root = Parse(Encoding.UTF8.GetString(json));
        var found = Validator.Validate(root, Schemas.Of(kind));
        if (found.Count == 0) return new SchemaCheck([], true, null);

        var places = new SchemaErrorPlaces(root);
        var errors = Flatten(found).Select(error => (Error: error, Place: places.Of(error))).ToList();
        var problems = errors.Select(each => SchemaProblem.Of(each.Error, each.Place, file)).ToImmutableArray();
        if (problems.Any(problem => problem.Location.Path == "$")) return new SchemaCheck(problems, false, null);
        foreach (var (error, place) in errors) Mend(error, place);
        return new SchemaCheck(problems, true, Encoding.UTF8.GetBytes(root.ToString(Formatting.None)));
    }

    private static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None, MaxDepth = JsonScan.DeepestNesting };
        var root = JToken.ReadFrom(reader);
        foreach (var number in root is JContainer container ? container.Descendants().OfType<JValue>() : [])
            number.Value = number.Value switch
            {
                BigInteger big => big.Sign * LargestNumber,
                double large when Math.Abs(large) > LargestNumber => Math.Sign(large) * LargestNumber,
                var good => good,
            };
        return root;
    }

    private static IEnumerable<ValidationError> Flatten(IEnumerable<ValidationError> errors)
    {
        var all = errors.ToList();
        // Where no object stands, there is no sense in saying what the object lacks.
        var noObject = all.Where(error => error.Kind == ValidationErrorKind.ObjectExpected).Select(SchemaErrorPlaces.Start).ToHashSet();
        return all.Where(error => error.Kind != ValidationErrorKind.PropertyRequired || !noObject.Any(path => SchemaErrorPlaces.Path(error).StartsWith(path, StringComparison.Ordinal)))
            .SelectMany(Flatten);
    }

    private static IEnumerable<ValidationError> Flatten(ValidationError error)
    {
        if (error is not ChildSchemaValidationError { Errors.Count: > 0 } outer) return [error];
        // Of several alternatives, the one meant is that whose type fits: it complains about something further inside.
        var meant = outer.Errors.Values.FirstOrDefault(branch => branch.All(inner => inner.Path != error.Path || inner is ChildSchemaValidationError))
            ?? (outer.Errors.Count == 1 ? outer.Errors.Values.First() : null);
        return meant is null ? [error] : Flatten(meant);
    }

    private static void Mend(ValidationError error, SchemaErrorPlace place)
    {
        switch (error.Kind)
        {
            case ValidationErrorKind.NoAdditionalPropertiesAllowed:
                if (place.Value?.Parent is { Parent: not null } property) property.Remove();
                break;
            case ValidationErrorKind.PropertyRequired:
                if (place.Owner is JObject owner) owner[error.Property] = Empty(error.Schema.ActualSchema.Properties[error.Property]);
                break;
            // A text of the wrong form stays: other files name it just so.
            case ValidationErrorKind.PatternMismatch or ValidationErrorKind.NotInEnumeration:
                break;
            default:
                if (place.Value is { Parent: not null } value) value.Replace(Empty(error.Schema));
                break;
        }
    }

    /// <summary>The least that a schema accepts, rules about content aside.</summary>
    private static JToken Empty(JsonSchema written)
    {
        var schema = written.ActualSchema;
        if (schema.AnyOf.Count > 0) return Empty(schema.AnyOf.First());
        if (schema.Type.HasFlag(JsonObjectType.String)) return "";
        if (schema.Type.HasFlag(JsonObjectType.Boolean)) return false;
        if (schema.Type.HasFlag(JsonObjectType.Integer) || schema.Type.HasFlag(JsonObjectType.Number)) return (long)(schema.Minimum ?? 0);
        if (schema.Type.HasFlag(JsonObjectType.Array)) return new JArray();
        return new JObject(schema.RequiredProperties.Select(name => new JProperty(name, Empty(schema.Properties[name]))));
    }
}
