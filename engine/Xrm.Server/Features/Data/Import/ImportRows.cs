using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Makes of the lines of a file what the API takes for new records.</summary>
/// <param name="command">The import.</param>
/// <param name="references">Finds other records.</param>
internal sealed class ImportRows(ImportRecords command, ImportReferences references)
{
    // A lookup of all kinds of records would be searched for in each.
    private const int MostKinds = 8;

    private readonly ImportValues _values = new(command.Request.Texts, command.Options.HasDecimalComma);
    private readonly Dictionary<(Entity Target, Field? By, string Text), Guid?> _named = [];
    private readonly HashSet<(Entity Target, Guid Id)> _known = [];

    private Caller Caller => command.Request.Caller;

    /// <summary>Finds all records that the lookups of the file name.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var ids = new Dictionary<Entity, HashSet<Guid>>();
        var names = new Dictionary<(Entity Target, Field? By), HashSet<string>>();
        foreach (var line in command.File.Rows)
            foreach (var column in command.Columns)
            {
                if (Text(line, column) is not { } text) continue;
                if (column.IsTitle && !HasId(line, column.Field))
                    foreach (var target in Kinds(line, column.Field)) Of(names, (target, column.By)).Add(text);
                else if (column.IsReference && Guid.TryParseExact(text, "D", out var id) && Target(line, column.Field) is { } target) Of(ids, target).Add(id);
                else if (column.Column?.Name == "id" && Guid.TryParseExact(text, "D", out var own)) _known.Add((command.Request.Entity, own));
            }
        foreach (var (target, wanted) in ids)
            foreach (var id in await references.ExistingAsync(target, wanted, ct)) _known.Add((target, id));
        foreach (var ((target, by), wanted) in names)
            foreach (var (text, id) in await references.FindAsync(target, by, wanted, ct)) _named[(target, by, text)] = id;
    }

    /// <summary>The values of a new record, or what is wrong with the line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusals">Takes what is wrong.</param>
    public JsonElement? Read(CsvLine line, List<ImportRefusal> refusals)
    {
        var before = refusals.Count;
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var column in command.Columns)
        {
            if (Text(line, column) is not { } text) continue;
            if (column.IsTitle) ReadTitle(line, column, text, properties, refusals);
            else if (column.IsReference && !IsKnown(line, column, text)) refusals.Add(NotFound(line, column, text, Target(line, column.Field)));
            else ReadValue(line, column, text, properties, refusals);
        }
        return refusals.Count > before ? null : JsonText.Read(writer => Write(writer, properties));
    }

    private static void Write(Utf8JsonWriter writer, Dictionary<string, JsonElement> properties)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private void ReadValue(CsvLine line, ImportColumn column, string text, Dictionary<string, JsonElement> properties, List<ImportRefusal> refusals)
    {
        var (value, code, message) = _values.Read(column, text);
        if (value is { } good) properties[column.Property] = good;
        else refusals.Add(new ImportRefusal(line.Number, column.Heading, code!, message!));
    }

    private void ReadTitle(CsvLine line, ImportColumn column, string text, Dictionary<string, JsonElement> properties, List<ImportRefusal> refusals)
    {
        // The id says more than the title beside it.
        if (HasId(line, column.Field)) return;
        var kinds = Kinds(line, column.Field);
        var found = kinds.Where(kind => _named.ContainsKey((kind, column.By, text))).ToList();
        if (found is [var target] && _named[(target, column.By, text)] is { } id)
        {
            properties[column.Field.Columns[0].Name] = JsonSerializer.SerializeToElement(id);
            if (column.Field.IsPolymorphic) properties[column.Field.Columns[1].Name] = JsonSerializer.SerializeToElement(target.Name);
        }
        else if (found.Count > 0) refusals.Add(new ImportRefusal(line.Number, column.Heading, "reference_ambiguous", $"{column.Field.Label}: '{Short(text)}' names several records. Write the id, or something unique."));
        else refusals.Add(NotFound(line, column, text, kinds is [var only] ? only : null));
    }

    private static ImportRefusal NotFound(CsvLine line, ImportColumn column, string text, Entity? target) => new(line.Number, column.Heading, "reference_not_found",
        $"{column.Field.Label}: there is no {target?.Label ?? "record"} '{Short(text)}', or you may not see it.");

    private static string Short(string text) => text.Length > 100 ? $"{text[..100]}…" : text;

    /// <summary>The kind is known and the record is one that the caller may read, themselves, a team of theirs, or one of the same file. What is no id is refused as such later.</summary>
    private bool IsKnown(CsvLine line, ImportColumn column, string text) =>
        !Guid.TryParseExact(text, "D", out var id) || Target(line, column.Field) is not { } target || _known.Contains((target, id)) || (column.Field.Type is OwnerType && (id == Caller.UserId || Caller.Membership.Teams.Contains(id)));

    private bool HasId(CsvLine line, Field lookup) => command.Columns.Any(column => column.IsReference && column.Field == lookup && Text(line, column) is not null);

    /// <summary>The kind of record to which an id belongs; null where the file does not say.</summary>
    private Entity? Target(CsvLine line, Field lookup) => !lookup.IsPolymorphic ? lookup.Targets[0] : Kind(line, lookup) is { } kind ? lookup.Targets.FirstOrDefault(target => target.Name == kind) : null;

    private ImmutableArray<Entity> Kinds(CsvLine line, Field lookup) => Kind(line, lookup) is { } kind ? [.. lookup.Targets.Where(target => target.Name == kind)] : lookup.Targets.Length > MostKinds ? [] : lookup.Targets;

    private string? Kind(CsvLine line, Field lookup) => command.Columns.FirstOrDefault(column => column.Field == lookup && column.Column is { Part: ReferenceFieldType.TypePart }) is { } kind ? Text(line, kind) : null;

    /// <summary>The text of a cell; null for none: the record gets the default of the field. An empty text is a value of texts alone.</summary>
    private static string? Text(CsvLine line, ImportColumn column) => line.Cells[column.Index] is { } text && (text.Length > 0 || column.Field.Type is TextFieldType) ? text : null;

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> all, TKey key) where TKey : notnull where TValue : new() => all.TryGetValue(key, out var known) ? known : all[key] = new TValue();
}
