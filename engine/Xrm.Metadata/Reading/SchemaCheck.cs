using System.Collections.Immutable;
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
    private static readonly JsonSchemaValidator Validator = new();

    public static SchemaCheck Of(FileKind kind, ReadOnlySpan<byte> json, SourceFile file)
    {
        var root = Parse(Encoding.UTF8.GetString(json));
        var errors = Flatten(Validator.Validate(root, Schemas.Of(kind))).ToList();
        if (errors.Count == 0) return new SchemaCheck([], true, null);

        var problems = errors.Select(error => SchemaProblem.Of(error, root.SelectToken(PathIn(error)), file)).ToImmutableArray();
        if (problems.Any(problem => problem.Location.Path == "$")) return new SchemaCheck(problems, false, null);
        foreach (var error in errors) Mend(root, error);
        return new SchemaCheck(problems, true, Encoding.UTF8.GetBytes(root.ToString(Formatting.None)));
    }

    /// <summary>Path of an error as Newtonsoft writes it, without the leading <c>#/</c>; empty for the root.</summary>
    public static string PathIn(ValidationError error) => error.Path is null or "#" ? "" : error.Path.TrimStart('#').TrimStart('/');

    private static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Decimal, MaxDepth = 64 };
        return JToken.ReadFrom(reader);
    }

    private static IEnumerable<ValidationError> Flatten(IEnumerable<ValidationError> errors)
    {
        var all = errors.ToList();
        // Where no object stands, there is no sense in saying what the object lacks.
        var noObject = all.Where(error => error.Kind == ValidationErrorKind.ObjectExpected).Select(error => PathIn(error) is { Length: > 0 } path ? path + "." : "").ToHashSet();
        return all.Where(error => error.Kind != ValidationErrorKind.PropertyRequired || !noObject.Any(path => PathIn(error).StartsWith(path, StringComparison.Ordinal)))
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

    private static void Mend(JToken root, ValidationError error)
    {
        var path = PathIn(error);
        switch (error.Kind)
        {
            case ValidationErrorKind.NoAdditionalPropertiesAllowed:
                root.SelectToken(path)?.Parent?.Remove();
                break;
            case ValidationErrorKind.PropertyRequired:
                var owner = path.LastIndexOf('.') is var end and > 0 ? root.SelectToken(path[..end]) : root;
                if (owner is JObject place) place[error.Property] = Empty(error.Schema.ActualSchema.Properties[error.Property]);
                break;
            // A text of the wrong form stays: other files name it just so.
            case ValidationErrorKind.PatternMismatch or ValidationErrorKind.NotInEnumeration:
                break;
            default:
                root.SelectToken(path)?.Replace(Empty(error.Schema));
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
