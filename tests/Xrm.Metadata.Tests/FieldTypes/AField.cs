using System.Collections.Frozen;
using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

/// <summary>Fields as the compiler would build them.</summary>
internal static class AField
{
    private static readonly SourceLocation Somewhere = new("tests", "entities/thing.json");

    /// <summary>A field called <c>x</c> with settings as in a package, e.g. <c>"type": "text", "maxLength": 5</c>.</summary>
    internal static Field With(string settings) => From(Source($"{{ \"name\": \"x\", {settings} }}"));

    /// <summary>The settings alone.</summary>
    internal static Source.Field Settings(string settings) => Source($"{{ \"name\": \"x\", {settings} }}");

    internal static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    /// <summary>Reads into the main column, or into that part.</summary>
    internal static ReadResult Read(this Field field, string json, string part = "") =>
        field.Type.Read(Json(json), field, field.Columns.Single(column => column.Part == part));

    internal static Entity Entity(string name) => new()
    {
        Source = new Source.Entity { Name = name, Plural = name + "s", Primary = "x" },
        Package = "tests",
        Location = Somewhere,
        Label = name,
        PluralLabel = name + "s",
        Features = FrozenSet<string>.Empty,
    };

    private static Field From(Source.Field source)
    {
        var type = FieldTypeRegistry.Default.Find(source.Type)!;
        var options = source.Options?.Inline ?? [];
        return new Field
        {
            Entity = Entity("thing"),
            Source = source,
            Package = "tests",
            Location = Somewhere,
            Type = type,
            Columns = type.Columns(source, options),
            Options = options,
            Label = "X",
            Targets = [.. source.Targets.Select(Entity)],
        };
    }

    private static Source.Field Source(string json) => JsonSerializer.Deserialize<Source.Field>(json, JsonSerializerOptions.Web)!;
}
