using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Takes what the client sent into the record: every property is known, writable and of its field's type, or noted as a mistake.</summary>
internal sealed class ReadValues : ISaveStep
{
    private const string Bind = "@odata.bind";

    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete || save.Body.ValueKind == JsonValueKind.Undefined) return Task.CompletedTask;
        if (save.Body.ValueKind != JsonValueKind.Object)
            throw new XrmException("wrong_type", 400, "Expected a JSON object with the values of the record.", [new FieldError(null, "wrong_type", "Expected a JSON object.")]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in save.Body.EnumerateObject())
        {
            if (!seen.Add(property.Name)) save.Fail(property.Name, "duplicate_property", $"{property.Name} occurs twice.");
            else Take(save, property.Name, property.Value);
        }
        return Task.CompletedTask;
    }

    private static void Take(SaveContext save, string name, JsonElement json)
    {
        if (name.EndsWith(Bind, StringComparison.Ordinal)) TakeBind(save, name[..^Bind.Length], json);
        // What clients say about a value, such as value@odata.type, is in the model already.
        else if (name.Contains('@')) return;
        else if (name == "id") TakeId(save, json);
        else if (save.Entity.FindColumn(name) is { } found) TakeColumn(save, found.Field, found.Column, json);
        else if (save.Entity.FindField(name) is { Type: SecretType } secret) TakeSecret(save, secret, json);
        else if (save.Entity.FindField(name) is { Child: not null } set) TakeSet(save, set, json);
        else save.Fail(name, "unknown_field", Unknown(save.Entity, name));
    }

    private static void TakeColumn(SaveContext save, Field field, Column column, JsonElement json)
    {
        if (!field.IsWritable || column.Computed)
        {
            save.Fail(column.Name, "computed", $"{field.Label} is computed and cannot be written.");
            return;
        }
        if (!save.Unit.Caller.CanWriteField(field)) throw XrmException.Forbidden($"You may not change {field.Label}.", save.Path + column.Name);
        if (save.Fixed.TryGetValue(column.Name, out var set))
        {
            if (json.ValueKind != JsonValueKind.Null && json.ToString() != set?.ToString()) save.Fail(column.Name, "readonly", $"{field.Label} is given by the record that this one belongs to.");
            return;
        }
        save.Given.Add(column.Name);
        if (json.ValueKind == JsonValueKind.Null)
        {
            save.Values[column.Name] = null;
            return;
        }
        var read = field.Type.Read(WrittenNumber.Of(json, column), field, column);
        if (read.Ok) save.Values[column.Name] = read.Value;
        else save.Fail(column.Name, read.Code!, $"{field.Label}: {read.Message}");
    }

    /// <summary>Only a person or program that may change the field sets a secret: what a script or a workflow writes stands in a package.</summary>
    private static void TakeSecret(SaveContext save, Field field, JsonElement json)
    {
        if (!save.Unit.Caller.CanWriteField(field)) throw XrmException.Forbidden($"You may not change {field.Label}.", save.Path + field.Name);
        if (json.ValueKind != JsonValueKind.Null && !save.Unit.IsImport && save.Unit.Cause is { Kind: not SaveCause.History })
            save.Fail(field.Name, "secret_not_by_rule", $"{field.Label} is a secret, which rules, workflows and jobs cannot set.");
        else if (json.ValueKind == JsonValueKind.Null) save.SetSecret(field, null);
        else if (field.Type.Read(json, field, field.Column!) is var read && read.Ok) save.SetSecret(field, (string?)read.Value);
        else save.Fail(field.Name, read.Code!, $"{field.Label}: {read.Message}");
    }

    private static void TakeId(SaveContext save, JsonElement json)
    {
        // A client may choose the id of a new record; the command has taken it from here.
        if (json.ValueKind != JsonValueKind.String || !json.TryGetGuid(out var id)) save.Fail("id", "invalid_id", "The id must be a UUID.");
        else if (id != save.Id) save.Fail("id", "readonly", "The id of a record cannot be changed.");
    }

    private static void TakeSet(SaveContext save, Field field, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) save.Fail(field.Name, "wrong_type", $"{field.Label}: expected a list.");
        else if (!save.Unit.Caller.CanWriteField(field)) throw XrmException.Forbidden($"You may not change {field.Label}.", save.Path + field.Name);
        else if (field.Readonly.Always == true && !save.Unit.Caller.IsSystem) save.Fail(field.Name, "readonly", $"{field.Label} cannot be changed.");
        else save.Sets[field] = json;
    }

    /// <summary><c>account@odata.bind: "accounts(id)"</c>, the OData way to set a lookup; null empties it.</summary>
    private static void TakeBind(SaveContext save, string name, JsonElement json)
    {
        var field = save.Entity.FindField(name);
        if (field is null || field.Targets.IsEmpty || field.Columns.IsEmpty)
        {
            save.Fail(name + Bind, "unknown_field", Unknown(save.Entity, name));
            return;
        }
        if (json.ValueKind == JsonValueKind.Null)
        {
            foreach (var column in field.Columns) TakeColumn(save, field, column, json);
            return;
        }
        var reference = json.ValueKind == JsonValueKind.String ? RecordReference.Parse(json.GetString()!) : null;
        if (reference is not var (collection, id) || field.Targets.FirstOrDefault(candidate => candidate.Plural == collection) is not { } entity)
        {
            save.Fail(name + Bind, "invalid_reference", $"{field.Label}: expected a reference such as {field.Targets[0].Plural}(0190163d-8694-739b-aea5-966c26f8ad91).");
            return;
        }
        TakeColumn(save, field, field.Columns[0], JsonSerializer.SerializeToElement(id));
        if (field.IsPolymorphic) TakeColumn(save, field, field.Columns[1], JsonSerializer.SerializeToElement(entity.Name));
    }

    private static string Unknown(Entity entity, string name)
    {
        if (entity.FindField(name) is { Column: { } column } && column.Name != name) return $"{entity.Label} has no property {name}. Write {column.Name}.";
        var known = entity.Fields.SelectMany(field => field.Columns.IsEmpty ? [field.Name] : field.Columns.Select(one => one.Name));
        return Names.Nearest(name, known) is { } near
            ? $"{entity.Label} has no property {name}. Did you mean {near}?"
            : $"{entity.Label} has no property {name}.";
    }
}
