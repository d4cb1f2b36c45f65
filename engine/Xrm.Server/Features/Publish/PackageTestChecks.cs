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
internal sealed class PackageTestChecks(RecordTransaction records, SaveUnit unit, IReadOnlyDictionary<string, (Entity Entity, Guid Id)> named)
{
    /// <summary>The first difference; null where there is none.</summary>
    public async Task<TestFailure?> CheckAsync(TestExpectation then, CancellationToken ct)
    {
        foreach (var (name, expected) in then.Records)
        {
            if (!named.TryGetValue(name, out var record)) return new TestFailure($"then.records.{name}", $"the test has created no record {name}.");
            if (await RecordLoader.LoadAsync(records, record.Entity, [record.Id], ct) is not [var values]) return new TestFailure($"then.records.{name}", $"{name} is not there any more.");
            var save = new SaveContext(unit, Operation.Update, record.Entity, record.Id) { Values = values, Previous = values };
            foreach (var (field, json) in expected)
                if (await CheckAsync(save, field, json, ct) is { } difference) return new TestFailure($"then.records.{name}.{field}", $"{name}.{field} {difference}");
        }
        return null;
    }

    private async Task<string?> CheckAsync(SaveContext save, string name, JsonElement json, CancellationToken ct)
    {
        var field = save.Entity.FindField(name) ?? save.Entity.FindColumn(name)?.Field;
        if (field?.Column is not { } main) return "is not a field with a value.";
        var column = save.Entity.FindColumn(name)?.Column ?? main;
        var actual = await ActualAsync(save, field, column, ct);
        if (json.ValueKind == JsonValueKind.Null) return actual is null ? null : $"was expected to be empty; it is {Text(actual, column)}.";
        if (json.ValueKind == JsonValueKind.Object && field.Type is ReferenceFieldType)
            return json.TryGetProperty("$ref", out var other) && named.TryGetValue(other.GetString() ?? "", out var target) && Equals(actual, target.Id) ? null : $"was expected to point to {json}; it is {Text(actual, column)}.";
        var read = field.Type.Read(json, field, column);
        if (!read.Ok) return $"cannot be {json}: {read.Message}";
        return RecordValues.Same(read.Value, actual) ? null : $"was expected to be {json}; it is {Text(actual, column)}.";
    }

    private static async Task<object?> ActualAsync(SaveContext save, Field field, Column column, CancellationToken ct)
    {
        var formulas = save.Unit.Published.Formulas;
        return field.Formula is { } formula && !formulas.IsStored(field)
            ? await save.Unit.Related.WithAsync(() => formulas[formula].Evaluate(new RecordScope(save)), ct)
            : save.Values.Get(column.Name);
    }

    private static string Text(object? value, Column column) => JsonText.Write(writer => ColumnJson.Write(writer, value, column.Type));
}
