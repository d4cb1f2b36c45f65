using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>Values that packages write: defaults, starter rows, steps, tests.</summary>
internal static class Values
{
    /// <summary>What is wrong with a value under a field's or column's name; null where it is good, or where the field itself is wrong.</summary>
    public static Problem? FindMistake(DraftEntity entity, Model model, string name, JsonElement value, SourceLocation location)
    {
        if (model.FindEntity(entity.Name) is not { } compiled) return null;
        var column = compiled.FindColumn(name);
        var field = compiled.FindField(name) ?? column?.Field;
        if (field is null) return entity.Has(name) ? null : Unknown.Field(entity, name, location);
        if (field.IsComputed && !field.IsSystem)
            return new Problem(ProblemCodes.ValueComputed, location, $"The engine computes {field}.", "Leave the value out.");
        if (field.Type is SecretType)
            return new Problem(ProblemCodes.SecretUnsuitable, location, $"{field} is a secret, and whoever reads the package would know it.", "Leave the value out, and enter it in the running application.");
        var target = column?.Column ?? field.Column;
        if (target is null || value.ValueKind == JsonValueKind.Null || (field.Type is ReferenceFieldType && value.ValueKind == JsonValueKind.Object)) return null;
        return Of(field, target, value, ProblemCodes.ValueWrong, location);
    }

    /// <summary>The problem of a value that the column's type does not read; null where it does.</summary>
    public static Problem? Of(Field field, Column column, JsonElement value, string code, SourceLocation location)
    {
        var read = field.Type.Read(value, field, column);
        if (read.Ok) return null;
        var otherwise = $"Write a value of the type {field.Type.Name}.";
        var remedy = field.Options.IsEmpty ? otherwise : Unknown.Remedy(value.ToString(), field.Options.Select(option => option.Value.ToString()), otherwise);
        return new Problem(code, location, $"{field} cannot hold this: {read.Message}", remedy);
    }

    /// <summary>True for <c>{ "formula": "…" }</c>.</summary>
    public static bool IsFormula(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() == 1 && value.TryGetProperty("formula", out var text) && text.ValueKind == JsonValueKind.String;
}
