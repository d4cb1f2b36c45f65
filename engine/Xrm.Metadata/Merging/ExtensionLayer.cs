using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>Lays one extension over an entity.</summary>
internal sealed class ExtensionLayer(Draft draft, DraftEntity entity, InFile<Extension> file, List<Problem> problems)
{
    private Extension Extension => file.Value;

    public void Lay()
    {
        entity.Source = entity.Source with { Label = Extension.Label ?? entity.Source.Label, PluralLabel = Extension.PluralLabel ?? entity.Source.PluralLabel, AuditRetention = Extension.AuditRetention ?? entity.Source.AuditRetention, Privacy = Extension.Privacy ?? entity.Source.Privacy };
        if (Extension.Privacy is not null) entity.PrivacyOrigin = new Origin(file.File, "$.privacy");
        if (Extension.AuditRetention is { } kept && Compiled.AuditPeriod.TryParse(kept) is null) problems.Add(Compiled.AuditPeriod.Mistake(kept, file.At("$.auditRetention")));
        for (var i = 0; i < Extension.Fields.Length; i++)
            Merger.AddField(draft, entity, Extension.Fields[i], new Origin(file.File, $"$.fields[{i}]"), problems);
        foreach (var (name, change) in Extension.Changes)
            if (entity.Find(name) is { } field) Change(field, change, new Origin(file.File, $"$.changes.{name}"));
            else problems.Add(Unknown.Field(entity, name, file.At($"$.changes.{name}")));
        Merger.AddParts(entity, file.File, Extension.Keys, Extension.Indexes, (Extension.Rules, Extension.Validations));
        Merger.AddFormScript(entity, file.File, Extension.FormScript);
    }

    private void Change(DraftField field, FieldChange change, Origin origin)
    {
        var old = field.Source;
        field.Source = old with
        {
            Label = change.Label ?? old.Label,
            Description = change.Description ?? old.Description,
            Hidden = change.Hidden ?? old.Hidden,
            Required = change.Required ?? old.Required,
            Readonly = change.Readonly ?? old.Readonly,
            Visible = change.Visible ?? old.Visible,
            Default = change.Default ?? old.Default,
            Personal = change.Personal is { } personal ? personal.IsPersonal ? personal : null : old.Personal,
            Sensitive = change.Sensitive ?? old.Sensitive,
        };
        Note(field, origin, "required", change.Required is not null);
        Note(field, origin, "readonly", change.Readonly is not null);
        Note(field, origin, "visible", change.Visible is not null);
        Note(field, origin, "default", change.Default is not null);
        Note(field, origin, "personal", change.Personal is not null);
        if (change.Options.Length > 0) ChangeOptions(field, change, origin);
        if (change.After is { } after) Move(field, after, origin.Part(".after"));
    }

    private static void Note(DraftField field, Origin origin, string setting, bool changed)
    {
        if (changed) field.Changed[setting] = origin.Part($".{setting}");
    }

    private static void ChangeOptions(DraftField field, FieldChange change, Origin origin)
    {
        for (var i = 0; i < change.Options.Length; i++)
        {
            var option = change.Options[i];
            var placed = new Placed<Option>(option, origin.Part($".options[{i}]"));
            var replaced = field.Options.FindIndex(other => other.Value.Value.GetRawText() == option.Value.GetRawText());
            if (replaced < 0) field.Options.Add(placed);
            else field.Options[replaced] = placed;
        }
        // From here on the list is this entity's own: the shared one stays as it is for other fields.
        field.Source = field.Source with { Options = new Options(null, [.. field.Options.Select(option => option.Value)]) };
        field.Changed["options"] = origin.Part(".options");
    }

    private void Move(DraftField field, string after, Origin origin)
    {
        var place = entity.Fields.FindIndex(other => other.Name == after);
        if (place < 0 || after == field.Name)
        {
            problems.Add(Unknown.Field(entity, after, origin.At()));
            return;
        }
        entity.Fields.Remove(field);
        entity.Fields.Insert(entity.Fields.FindIndex(other => other.Name == after) + 1, field);
    }
}
