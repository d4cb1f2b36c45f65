using System.Collections.Immutable;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;
using Entity = Xrm.Metadata.Compiled.Entity;

namespace Xrm.Metadata.Uses;

/// <summary>What the files of entities and extensions name.</summary>
internal static class EntityReferences
{
    public static void AddTo(ReferenceList list, InFile<Source.Entity> file)
    {
        if (list.Model.FindEntity(file.Value.Name) is not { } entity) return;
        var (source, root) = (file.Value, new Origin(file.File, "$"));
        list.Field(entity, source.Primary, root.At(".primary"));
        list.Field(entity, source.Subtitle, root.At(".subtitle"));
        list.Sorts(entity, source.DefaultSort, root.Part(".defaultSort"));
        Privacy(list, entity, source.Privacy, root.Part(".privacy"));
        for (var i = 0; i < source.Fields.Length; i++) FieldReferences.AddTo(list, entity, source.Fields[i], root.Part($".fields[{i}]"));
        Parts(list, entity, root, source.Keys, source.Indexes);
        Code(list, entity, root, source.Rules, source.Validations);
        if (source.FormScript is { } script) list.Add(Element.OfScript(script), root.At(".formScript"));
        if (source.Lifecycle is { } lifecycle) Lifecycle(list, entity, lifecycle, root.Part(".lifecycle"));
    }

    public static void AddTo(ReferenceList list, InFile<Extension> file)
    {
        if (list.Entity(file.Value.Entity, file.At("$.entity")) is not { } entity) return;
        var (source, root) = (file.Value, new Origin(file.File, "$"));
        for (var i = 0; i < source.Fields.Length; i++) FieldReferences.AddTo(list, entity, source.Fields[i], root.Part($".fields[{i}]"));
        Privacy(list, entity, source.Privacy, root.Part(".privacy"));
        foreach (var (name, change) in source.Changes) Change(list, entity, name, change, root.Part($".changes.{name}"));
        Parts(list, entity, root, source.Keys, source.Indexes);
        Code(list, entity, root, source.Rules, source.Validations);
        if (source.FormScript is { } script) list.Add(Element.OfScript(script), root.At(".formScript"));
    }

    private static void Privacy(ReferenceList list, Entity entity, Source.Privacy? privacy, Origin at)
    {
        list.Field(entity, privacy?.Subject, at.At(".subject"));
        list.Field(entity, privacy?.Keep?.From, at.At(".keep.from"));
        list.Field(entity, privacy?.Retention?.From, at.At(".retention.from"));
    }

    private static void Change(ReferenceList list, Entity entity, string name, FieldChange change, Origin at)
    {
        var field = list.Field(entity, name, at.At());
        list.Field(entity, change.After, at.At(".after"));
        if (change.Default is { } value) list.Value(field, value, at.Part(".default"));
        // An option of the owner that is replaced; those that are added are the extension's own.
        var owned = entity.Source.Fields.FirstOrDefault(each => each.Name == name)?.Options?.Inline ?? [];
        for (var i = 0; i < change.Options.Length; i++)
            if (owned.Any(option => option.Value.ToString() == change.Options[i].Value.ToString())) list.Option(field, change.Options[i].Value.ToString(), at.At($".options[{i}].value"));
    }

    private static void Parts(ReferenceList list, Entity entity, Origin root, ImmutableArray<Source.Key> keys, ImmutableArray<Source.Index> indexes)
    {
        for (var i = 0; i < keys.Length; i++) list.Fields(entity, keys[i].Fields, root.Part($".keys[{i}].fields"));
        for (var i = 0; i < indexes.Length; i++) list.Fields(entity, indexes[i].Fields, root.Part($".indexes[{i}].fields"));
    }

    private static void Code(ReferenceList list, Entity entity, Origin root, ImmutableArray<Source.Rule> rules, ImmutableArray<Source.Validation> validations)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            list.Fields(entity, rules[i].Fields, root.Part($".rules[{i}].fields"));
            if (rules[i].Script is { } script) list.Add(Element.OfScript(script), root.At($".rules[{i}].script"));
            Actions(list, entity, rules[i].Then, root.Part($".rules[{i}].then"));
            Actions(list, entity, rules[i].Else, root.Part($".rules[{i}].else"));
        }
        for (var i = 0; i < validations.Length; i++) list.Fields(entity, validations[i].Fields, root.Part($".validations[{i}].fields"));
    }

    private static void Actions(ReferenceList list, Entity entity, ImmutableArray<RuleAction> actions, Origin at)
    {
        for (var i = 0; i < actions.Length; i++)
        {
            var (action, place) = (actions[i], at.Part($"[{i}]"));
            list.Fields(entity, action.Require, place.Part(".require"));
            list.Fields(entity, action.Lock, place.Part(".lock"));
            list.Fields(entity, action.Show, place.Part(".show"));
            list.Fields(entity, action.Hide, place.Part(".hide"));
            list.Fields(entity, action.Clear, place.Part(".clear"));
            list.Field(entity, action.Set, place.At(".set"));
            list.Field(entity, action.Default, place.At(".default"));
            list.Field(entity, action.Field, place.At(".field"));
            var limited = list.Field(entity, action.Limit, place.At(".limit"));
            for (var j = 0; j < action.Options.Length; j++) list.Option(limited, action.Options[j].ToString(), place.At($".options[{j}]"));
        }
    }

    private static void Lifecycle(ReferenceList list, Entity entity, Source.Lifecycle lifecycle, Origin at)
    {
        var field = list.Field(entity, lifecycle.Field, at.At(".field"));
        for (var i = 0; i < lifecycle.Transitions.Length; i++)
        {
            var (transition, place) = (lifecycle.Transitions[i], at.Part($".transitions[{i}]"));
            for (var j = 0; j < transition.From.Length; j++) list.Option(field, transition.From[j], place.At($".from[{j}]"));
            list.Option(field, transition.To, place.At(".to"));
            list.Roles(transition.Roles, place.Part(".roles"));
        }
    }
}
