using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Outbox;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Server.Features.Publish;

/// <summary>Compares what is there with what a package test expects of them.</summary>
/// <param name="records">The transaction.</param>
/// <param name="unit">Who looks, and when: for formulas.</param>
/// <param name="named">The records that the test made, by name.</param>
internal sealed class PackageTestChecks(RecordTransaction records, SaveUnit unit, IReadOnlyDictionary<string, (Entity Entity, Guid Id)> named)
{
    /// <summary>Records that are counted at most.</summary>
    private const int Most = 1001;
    private readonly ImmutableArray<TestDifference>.Builder _differences = ImmutableArray.CreateBuilder<TestDifference>();

    /// <summary>All differences.</summary>
    /// <param name="then">What is expected.</param>
    /// <param name="effects">What the test has led to besides records.</param>
    /// <param name="ct">Cancels the queries.</param>
    public async Task<ImmutableArray<TestDifference>> CheckAsync(TestExpectation then, TestEffects effects, CancellationToken ct)
    {
        foreach (var (name, expected) in then.Records) await CheckRecordAsync(name, expected, ct);
        foreach (var (index, existence) in then.Exists.Index()) await CheckExistenceAsync($"then.exists[{index}]", existence, ct);
        foreach (var (name, count) in then.Workflows)
            if (effects.Started.GetValueOrDefault(name) is var runs && runs != count) _differences.Add(new TestDifference($"then.workflows.{name}", $"runs of {name}", Number(count), Number(runs)));
        foreach (var (index, text) in then.Messages.Index())
            if (!effects.Told.Any(told => told.Contains(text, StringComparison.OrdinalIgnoreCase)))
                _differences.Add(new TestDifference($"then.messages[{index}]", "messages", $"a message with \"{text}\"", effects.Told.Count == 0 ? "none" : string.Join("; ", effects.Told.Select(told => $"\"{told}\""))));
        foreach (var (index, mail) in then.Mails.Index()) CheckMails($"then.mails[{index}]", mail, effects.Mails);
        return _differences.ToImmutable();
    }

    private void CheckMails(string path, TestMail expected, IReadOnlyList<Mail> mails)
    {
        var found = mails.Count(mail => (expected.To is null || mail.Recipients.Contains(expected.To, StringComparer.OrdinalIgnoreCase)) && Has(mail.Subject, expected.Subject) && Has(mail.Body, expected.Body));
        if (expected.Count is { } count ? found == count : found > 0) return;
        var what = string.Concat(expected.To is null ? "mail" : $"mail to {expected.To}", expected.Subject is null ? "" : $" about \"{expected.Subject}\"", expected.Body is null ? "" : $" with \"{expected.Body}\"");
        var got = mails.Count == 0 ? "no mail" : $"{Number(found)} of {string.Join("; ", mails.Select(mail => $"to {string.Join(", ", mail.Recipients)}: \"{mail.Subject}\""))}";
        _differences.Add(new TestDifference(path, what, expected.Count is { } exact ? Number(exact) : "at least 1", got));
    }

    private static bool Has(string text, string? part) => part is null || text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private async Task CheckRecordAsync(string name, IReadOnlyDictionary<string, JsonElement> expected, CancellationToken ct)
    {
        var path = $"then.records.{name}";
        if (!named.TryGetValue(name, out var record)) _differences.Add(new TestDifference(path, name, "a record", "none of this name in the test"));
        else if (await RecordLoader.LoadAsync(records, record.Entity, [record.Id], ct) is not [var values]) _differences.Add(new TestDifference(path, name, "a record", "none any more"));
        else
            foreach (var (field, json) in expected)
                if (await CompareAsync(Context(record.Entity, values), field, json, ct) is { } got)
                    _differences.Add(new TestDifference($"{path}.{field}", $"{name}.{field}", Text(json), got));
    }

    private async Task CheckExistenceAsync(string path, TestExistence existence, CancellationToken ct)
    {
        if (records.Published.Model.FindEntity(existence.Entity) is not { } entity) return;
        var candidates = await RecordLoader.FindAsync(records, entity, Stored(entity, existence.Where), Most, ct);
        var found = 0;
        foreach (var values in candidates)
            if (await HasAllAsync(Context(entity, values), existence.Where, ct)) found++;
        if (existence.Count is { } count ? found == count : found > 0) return;
        var where = string.Join(", ", existence.Where.Select(each => $"{each.Key} {Text(each.Value)}"));
        _differences.Add(new TestDifference(path, where.Length == 0 ? existence.Entity : $"{existence.Entity} with {where}", existence.Count is { } exact ? Number(exact) : "at least 1", Number(found)));
    }

    private async Task<bool> HasAllAsync(SaveContext save, IReadOnlyDictionary<string, JsonElement> where, CancellationToken ct)
    {
        foreach (var (field, json) in where)
            if (await CompareAsync(save, field, json, ct) is not null) return false;
        return true;
    }

    /// <summary>The conditions that the database can decide on; all of them are looked at again in the records found.</summary>
    private List<(Column, object?)> Stored(Entity entity, IReadOnlyDictionary<string, JsonElement> where)
    {
        var conditions = new List<(Column, object?)>();
        foreach (var (name, json) in where)
        {
            var field = entity.FindField(name) ?? entity.FindColumn(name)?.Field;
            if ((entity.FindColumn(name)?.Column ?? field?.Column) is not { Type: not ColumnType.Json } column || !records.Published.Formulas.IsStored(field!)) continue;
            if (Reference(json) is { } reference) conditions.Add((column, named.TryGetValue(reference, out var target) ? target.Id : Guid.Empty));
            else if (json.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && field!.Type.Read(json, field, column) is { Ok: true } read) conditions.Add((column, read.Value));
        }
        return conditions;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private SaveContext Context(Entity entity, RecordValues values) => new(unit, Operation.Update, entity, values.Id) { Values = values, Previous = values };

    /// <summary>What is there in place of what is expected; null where it is that.</summary>
    private async Task<string?> CompareAsync(SaveContext save, string name, JsonElement json, CancellationToken ct)
    {
        var field = save.Entity.FindField(name) ?? save.Entity.FindColumn(name)?.Field;
        if (field?.Column is not { } main) return "a field that has no value of its own";
        var column = save.Entity.FindColumn(name)?.Column ?? main;
        var actual = await ActualAsync(save, field, column, ct);
        if (json.ValueKind == JsonValueKind.Null) return actual is null ? null : Text(actual, column);
        if (Reference(json) is { } reference) return named.TryGetValue(reference, out var target) && Equals(actual, target.Id) ? null : Text(actual, column);
        var read = field.Type.Read(json, field, column);
        if (!read.Ok) return $"{Text(actual, column)}, and never that: {read.Message}";
        return RecordValues.Same(read.Value, actual) ? null : Text(actual, column);
    }

    private static async Task<object?> ActualAsync(SaveContext save, Field field, Column column, CancellationToken ct)
    {
        if (save.Unit.Published.Formulas.IsStored(field)) return save.Values.Get(column.Name);
        return await save.Unit.Related.WithAsync(() => new RecordScope(save).Computed(field, column), ct);
    }

    private static string? Reference(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("$ref", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static string Text(JsonElement json) => Reference(json) ?? JsonText.Write(json.WriteTo);

    /// <summary>A value as JSON; a record of the test by its name.</summary>
    private string Text(object? value, Column column) =>
        value is Guid id && named.FirstOrDefault(each => each.Value.Id == id).Key is { } name ? name : JsonText.Write(writer => ColumnJson.Write(writer, value, column));
}

/// <summary>What a package test has led to besides records.</summary>
/// <param name="Started">Runs of workflows and of scripts that follow a save, by name.</param>
/// <param name="Told">What rules told.</param>
/// <param name="Mails">The mails that were written.</param>
internal sealed record TestEffects(IReadOnlyDictionary<string, int> Started, IReadOnlyList<string> Told, IReadOnlyList<Mail> Mails);
