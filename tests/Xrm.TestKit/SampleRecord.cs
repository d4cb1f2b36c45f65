using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.TestKit;

/// <summary>Makes records that say no more than they must.</summary>
public static class SampleRecord
{
    /// <summary>A record with a value for each field that is always required and that nothing else fills in.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="ids">Ids of records made before, by entity.</param>
    /// <returns>Values by column, as the API takes them.</returns>
    /// <exception cref="InvalidOperationException">A required lookup has no record to point to, or a type is unknown here.</exception>
    public static JsonObject RequiredOnly(Entity entity, IReadOnlyDictionary<string, Guid> ids)
    {
        var record = new JsonObject();
        foreach (var field in entity.Fields.Where(field => !field.IsComputed && field.Required is { Always: true } && field.DefaultValue is null && field.DefaultFormula is null))
            Fill(record, field, ids);
        return record;
    }

    private static void Fill(JsonObject record, Field field, IReadOnlyDictionary<string, Guid> ids)
    {
        if (field.Type.Kind == ValueKind.Reference)
        {
            var target = field.Targets.FirstOrDefault(target => ids.ContainsKey(target.Name)) ?? throw new InvalidOperationException($"{field} needs a record of {string.Join(" or ", field.Targets.Select(each => each.Name))} first.");
            record[field.Columns[0].Name] = ids[target.Name].ToString();
            if (field.IsPolymorphic) record[field.Columns[1].Name] = target.Name;
        }
        else if (field.Type is ICompositeField && field.Type.Kind == ValueKind.Text)
            record[field.Columns[^1].Name] = "Sample";
        else
            record[field.Column!.Name] = field.Options.IsEmpty ? Value(field) : Choice(record, field, ids);
    }

    // One that is offered for the value of the field that it depends on, which has to have one, then.
    private static JsonNode? Choice(JsonObject record, Field field, IReadOnlyDictionary<string, Guid> ids)
    {
        var options = field.Options.Where(option => !option.Retired);
        if (field.Source.Parent is { } name && field.Entity.FindField(name) is { Column: { } column } parent)
        {
            if (parent.DefaultValue is null && !record.ContainsKey(column.Name)) Fill(record, parent, ids);
            var governing = parent.DefaultValue?.ToString() ?? record[column.Name]!.ToString();
            options = options.Where(option => option.When.IsDefaultOrEmpty || option.When.Any(when => when.ToString() == governing));
        }
        var chosen = JsonNode.Parse(options.First().Value.GetRawText());
        return field.Type.Name == "choices" ? new JsonArray(chosen) : chosen;
    }

    private static JsonNode? Value(Field field) => field.Type.Name switch
    {
        "text" or "multiline" or "richtext" or "markdown" or "code" or "barcode" => Text(field),
        "email" => "sample@example.com",
        "phone" => "+49 30 123456",
        "url" => "https://example.com/",
        "color" => "#1c7ed6",
        "icon" => "star",
        "boolean" => false,
        "integer" or "duration" or "rating" or "decimal" or "money" or "percent" or "float" => JsonNode.Parse(Number(field).ToString(CultureInfo.InvariantCulture)),
        "date" => "2026-11-22",
        "datetime" => "2026-11-22T14:30:00Z",
        "time" => "14:30",
        "tags" => new JsonArray("sample"),
        "uuid" => Guid.CreateVersion7(DateTimeOffset.UnixEpoch).ToString(),
        "json" => JsonSerializer.SerializeToNode(new { sample = true }),
        _ => throw new InvalidOperationException($"{field} is of type {field.Type.Name}, for which there is no sample."),
    };

    private static string Text(Field field) => "Sample"[..Math.Min("Sample".Length, field.Source.MaxLength ?? int.MaxValue)];

    // One where the limits permit it; the nearer limit where they do not.
    private static decimal Number(Field field) => Math.Clamp(1, field.Source.Min ?? 1, Math.Max(field.Source.Max ?? 1, field.Source.Min ?? 1));
}
