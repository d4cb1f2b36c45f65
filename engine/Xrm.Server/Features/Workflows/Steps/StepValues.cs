using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Turns the values of a step, by field name, into the body of a save, by column name.</summary>
internal static class StepValues
{
    private const string FormulaProperty = "formula";

    /// <summary>Computes the values of a step.</summary>
    /// <param name="call">The step.</param>
    /// <param name="target">Entity that they go to.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="StepFailedException">A field does not exist any more, or a formula does not fit.</exception>
    public static async Task<JsonElement> ToBodyAsync(StepCall call, Entity target, CancellationToken ct)
    {
        var computed = new List<(Column Column, Formula Formula)>();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, json) in call.Step.Values)
            {
                if (FormulaOf(json) is { } text) AddFormula(call, target, name, text, computed, writer);
                else WriteConstant(target, name, json, writer);
            }
            var values = await call.EvaluateAsync([.. computed.Select(pair => pair.Formula)], ct);
            for (var index = 0; index < computed.Count; index++)
            {
                writer.WritePropertyName(computed[index].Column.Name);
                ColumnJson.Write(writer, values[index], computed[index].Column.Type);
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>The formula of a value, or null where it is a constant.</summary>
    public static string? FormulaOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(FormulaProperty, out var formula) ? formula.GetString() : null;

    private static void AddFormula(StepCall call, Entity target, string name, string text, List<(Column, Formula)> computed, Utf8JsonWriter writer)
    {
        var field = target.FindField(name) ?? throw Unknown(target, name);
        computed.Add((field.Columns[0], call.Bind(text, $"values.{name}.formula", FormulaUse.Computed, field)));
        if (!field.IsPolymorphic) return;
        var kind = field.Columns[1];
        if (KindOf(call.Entity, text) is { } entity) writer.WriteString(kind.Name, entity);
        else computed.Add((kind, call.Bind($"{text}_type", $"values.{name}.formula", FormulaUse.Computed)));
    }

    /// <summary>Entity of the record that a formula points to; null where another lookup of several kinds says it.</summary>
    private static string? KindOf(Entity entity, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (name == "id") return entity.Name;
            if (entity.FindField(name) is not { IsSingleLookup: true } lookup) return null;
            entity = lookup.Targets[0];
        }
        return entity.Name;
    }

    private static void WriteConstant(Entity target, string name, JsonElement json, Utf8JsonWriter writer)
    {
        var column = target.FindField(name)?.Columns[0] ?? target.FindColumn(name)?.Column ?? throw Unknown(target, name);
        writer.WritePropertyName(column.Name);
        json.WriteTo(writer);
    }

    private static StepFailedException Unknown(Entity target, string name) => new($"{target.Name} has no field '{name}' any more.", isFinal: true);
}
