using System.Collections.Immutable;
using System.Text;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;

namespace Xrm.Server.Features.Privacy;

/// <summary>A field that says something about people, for the record of processing activities (article 30 of the GDPR).</summary>
/// <param name="Entity">Name of the entity.</param>
/// <param name="EntityLabel">What people call such records.</param>
/// <param name="Field">Name of the field.</param>
/// <param name="FieldLabel">What people call it.</param>
/// <param name="Type">Name of its type.</param>
/// <param name="IsSensitive">It is of a special category.</param>
/// <param name="Purpose">What it is kept for; null where nobody has said it.</param>
/// <param name="Basis">What permits it; null where nobody has said it.</param>
/// <param name="Subject">Lookup that leads to the person; <c>id</c> where records are people; null where nothing leads there.</param>
/// <param name="Erasure">What becomes of records when the person is erased; null where nothing leads from the person here.</param>
/// <param name="KeepReason">Why records must stay; null for nothing.</param>
/// <param name="KeepFor">How long; null for ever, or where nothing keeps them.</param>
/// <param name="KeepFrom">Field from which that time counts.</param>
/// <param name="RetentionAfter">After what time records go by themselves; null for never.</param>
/// <param name="RetentionFrom">Field from which that time counts.</param>
/// <param name="Readers">Roles that may read the entity, and the field where it names roles.</param>
internal sealed record InventoryItem(
    string Entity, string EntityLabel, string Field, string FieldLabel, string Type, bool IsSensitive, string? Purpose, string? Basis, string? Subject, string? Erasure,
    string? KeepReason, string? KeepFor, string? KeepFrom, string? RetentionAfter, string? RetentionFrom, ImmutableArray<string> Readers);

/// <summary>All fields that say something about people, with what for and for how long.</summary>
internal static class Inventory
{
    private static readonly string[] Head = ["entity", "entity_label", "field", "field_label", "type", "sensitive", "purpose", "basis", "subject", "erasure", "keep_reason", "keep_for", "keep_from", "retention_after", "retention_from", "readers"];

    /// <summary>The inventory, by entity and in the order of the fields.</summary>
    public static ImmutableArray<InventoryItem> Of(Model model, Texts texts) => [.. model.Entities.OrderBy(entity => entity.Name, StringComparer.Ordinal)
        .SelectMany(entity => entity.Fields.Where(field => field.Source.Personal is not null).Select(field => Item(model, entity, field, texts)))];

    /// <summary>The same as CSV (RFC 4180). What a table calculation would take for a formula is made harmless.</summary>
    public static string Csv(IEnumerable<InventoryItem> items)
    {
        var csv = new StringBuilder().AppendJoin(',', Head).Append("\r\n");
        foreach (var item in items)
            csv.AppendJoin(',', new[] { item.Entity, item.EntityLabel, item.Field, item.FieldLabel, item.Type, item.IsSensitive ? "true" : "false", item.Purpose, item.Basis, item.Subject, item.Erasure,
                item.KeepReason, item.KeepFor, item.KeepFrom, item.RetentionAfter, item.RetentionFrom, string.Join(' ', item.Readers) }.Select(Cell)).Append("\r\n");
        return csv.ToString();
    }

    private static InventoryItem Item(Model model, Entity entity, Field field, Texts texts)
    {
        var (privacy, personal) = (entity.Privacy?.Source, field.Source.Personal!);
        return new InventoryItem(entity.Name, texts.Find($"entity.{entity.Name}.label") ?? entity.Label, field.Name, texts.Field(field), field.Type.Name, field.Source.Sensitive, personal.Purpose, personal.Basis,
            privacy is { Person: true } ? "id" : privacy?.Subject, privacy is null ? null : privacy.Erasure ?? "anonymise", privacy?.Keep?.Reason, privacy?.Keep?.For, privacy?.Keep?.From, privacy?.Retention?.After, privacy?.Retention?.From, Readers(model, entity, field));
    }

    private static ImmutableArray<string> Readers(Model model, Entity entity, Field field) => [.. model.Roles.Values
        .Where(role => (role.Entities.GetValueOrDefault(entity.Name) ?? role.Entities.GetValueOrDefault("*")) is { } rights && rights.Read is not (null or "none"))
        .Select(role => role.Name).Where(role => field.Source.Access is not { Read: { IsDefaultOrEmpty: false } few } || few.Contains(role)).Order(StringComparer.Ordinal)];

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
