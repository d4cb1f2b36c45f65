using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Server.Features.Publish;

/// <summary>Compares records with what a package test expects of them.</summary>
/// <param name="records">The transaction.</param>
/// <param name="unit">Who looks, and when: for formulas.</param>
/// <param name="named">The records that the test made, by name.</param>
internal sealed class PackageTestChecks(RecordTransaction records, SaveUnit unit, IReadOnlyDictionary<string, (Entity Entity, Guid Id)> named)
{
    private readonly ImmutableArray<TestDifference>.Builder _differences = ImmutableArray.CreateBuilder<TestDifference>();

    /// <summary>All differences, of all records.</summary>
    public async Task<ImmutableArray<TestDifference>> CheckAsync(TestExpectation then, CancellationToken ct)
    {
        foreach (var (name, expected) in then.Records) await CheckRecordAsync(name, expected, ct);
        return _differences.ToImmutable();
    }

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
        var formulas = save.Unit.Published.Formulas;
        return field.Formula is { } formula && !formulas.IsStored(field)
            ? await save.Unit.Related.WithAsync(() => formulas[formula].Evaluate(new RecordScope(save)), ct)
            : save.Values.Get(column.Name);
    }

    private static string? Reference(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("$ref", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static string Text(JsonElement json) => Reference(json) ?? JsonText.Write(json.WriteTo);

    /// <summary>A value as JSON; a record of the test by its name.</summary>
    private string Text(object? value, Column column) =>
        value is Guid id && named.FirstOrDefault(each => each.Value.Id == id).Key is { } name ? name : JsonText.Write(writer => ColumnJson.Write(writer, value, column));
}
