using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Uses;

/// <summary>What the settings of a field name.</summary>
internal static class FieldReferences
{
    public static void AddTo(ReferenceList list, Entity entity, Source.Field source, Origin at)
    {
        var field = entity.FindField(source.Name);
        list.Entity(source.Target, at.At(".target"));
        for (var i = 0; i < source.Targets.Length; i++) list.Entity(source.Targets[i], at.At($".targets[{i}]"));
        list.Path(entity, source.CopyFrom, at.At(".copyFrom"));
        if (source.Currency is { } currency && !MoneyType.IsCode(currency)) list.Path(entity, currency, at.At(".currency"));
        if (source.Default is { } value) list.Value(field, value, at.Part(".default"));
        if (source.Access is { } access)
        {
            list.Roles(access.Read, at.Part(".access.read"));
            list.Roles(access.Write, at.Part(".access.write"));
        }
        if (source.Rollup is { } rollup)
        {
            var counted = list.Entity(rollup.Entity, at.At(".rollup.entity"));
            list.Field(counted, rollup.Via, at.At(".rollup.via"));
            list.Field(counted, rollup.Field, at.At(".rollup.field"));
            list.Field(counted, rollup.OrderBy, at.At(".rollup.orderBy"));
        }
        Related(list, field, source, at);
        Offered(list, list.Field(entity, source.Parent, at.At(".parent")), source.Options, at);
    }

    private static void Related(ReferenceList list, Field? field, Source.Field source, Origin at)
    {
        var child = list.Entity(source.Entity, at.At(".entity")) ?? list.Entity(source.Through, at.At(".through"));
        list.Field(child, source.Via, at.At(".via"));
        list.Paths(field?.Type.Name == "links" ? field.Targets.FirstOrDefault() : field?.Child, source.Columns, at.Part(".columns"));
    }

    /// <summary>The values of the parent choice for which options are offered.</summary>
    private static void Offered(ReferenceList list, Field? parent, Source.Options? options, Origin at)
    {
        if (parent is null || options is null) return;
        var shared = options.Shared is null ? null : list.Model.Packages.SelectMany(package => package.Options).FirstOrDefault(each => each.Value.Name == options.Shared);
        var (offered, place) = shared is null ? (options.Inline, at.Part(".options")) : (shared.Value.Options, new Origin(shared.File, "$.options"));
        for (var i = 0; i < offered.Length; i++)
            for (var j = 0; j < offered[i].When.Length; j++)
                list.Option(parent, offered[i].When[j].ToString(), place.At($"[{i}].when[{j}]"));
    }
}
