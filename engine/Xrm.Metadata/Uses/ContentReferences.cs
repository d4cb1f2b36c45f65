using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Entity = Xrm.Metadata.Compiled.Entity;

namespace Xrm.Metadata.Uses;

/// <summary>What manifests, starter rows, translations and package tests name.</summary>
internal static class ContentReferences
{
    public static void AddTo(ReferenceList list, Package package)
    {
        if (package.Manifest.Currencies is not { } currencies) return;
        var at = new Origin(package.ManifestFile, "$.currencies");
        var entity = list.Entity(currencies.Entity, at.At(".entity"));
        list.Field(entity, currencies.Currency, at.At(".currency"));
        list.Field(entity, currencies.ValidFrom, at.At(".validFrom"));
        list.Field(entity, currencies.Rate, at.At(".rate"));
    }

    public static void AddTo(ReferenceList list, InFile<StarterData> data)
    {
        var entity = list.Entity(data.Value.Entity, data.At("$.entity"));
        list.Fields(entity, data.Value.Key, new Origin(data.File, "$.key"));
        for (var i = 0; i < data.Value.Rows.Length; i++) list.Values(entity, data.Value.Rows[i], new Origin(data.File, $"$.rows[{i}]"));
    }

    /// <summary>Keys such as <c>entity.contract.field.status.option.active</c>, <c>options.industries.option.tech</c> and <c>role.clerk.label</c>.</summary>
    public static void AddTo(ReferenceList list, InFile<Translation> translation)
    {
        foreach (var key in translation.Value.Texts.Keys)
        {
            var location = translation.At(JsonScan.Append("$.texts", key));
            var parts = key.Split('.', 6);
            if (parts is ["role", var role, _]) list.Add(Element.OfRole(role), location);
            else if (parts is ["options", var shared, "option", ..]) Shared(list, shared, key[$"options.{shared}.option.".Length..], location);
            else if (parts is ["entity", var name, "field", var owner, "option", var option]) list.Option(list.Model.FindEntity(name)?.FindField(owner), option, location);
            else if (parts is ["entity", var entity, "field", var field, ..]) list.Field(list.Model.FindEntity(entity), field, location);
            else if (parts is ["entity", var own, ..]) list.Entity(own, location);
        }
    }

    private static void Shared(ReferenceList list, string name, string option, SourceLocation location)
    {
        foreach (var field in list.Model.Entities.SelectMany(entity => entity.Fields).Where(field => field.Source.Options?.Shared == name)) list.Option(field, option, location);
    }

    public static void AddTo(ReferenceList list, InFile<TestFile> file)
    {
        for (var i = 0; i < file.Value.Tests.Length; i++) Test(list, file.Value.Tests[i], new Origin(file.File, $"$.tests[{i}]"));
    }

    private static void Test(ReferenceList list, TestCase test, Origin at)
    {
        var records = new Dictionary<string, Entity?>(StringComparer.Ordinal);
        void Record(TestRecord record, Origin place)
        {
            var entity = records[record.As] = list.Entity(record.Entity, place.At(".entity"));
            list.Values(entity, record.Values, place.Part(".values"));
        }

        if (test.As is { } person) list.Roles(person.Roles, at.Part(".as.roles"));
        for (var i = 0; i < test.Given.Length; i++) Record(test.Given[i], at.Part($".given[{i}]"));
        Entity? changed = null;
        foreach (var (index, action) in test.When.All.Index())
        {
            var place = at.Part($".{test.When.PathOf(index)}");
            if (action.Create is { } created) Record(created, place.Part(".create"));
            changed = records.GetValueOrDefault(action.Create?.As ?? action.Update ?? action.Delete ?? action.On ?? "");
            list.Values(changed, action.Values, place.Part(".values"));
        }
        list.Field(changed, test.Then.FailsOn, at.At(".then.failsOn"));
        for (var i = 0; i < test.Then.Exists.Length; i++)
            list.Values(list.Entity(test.Then.Exists[i].Entity, at.At($".then.exists[{i}].entity")), test.Then.Exists[i].Where, at.Part($".then.exists[{i}].where"));
        foreach (var (name, values) in test.Then.Records)
            list.Values(records.GetValueOrDefault(name), values, at with { Path = JsonScan.Append($"{at.Path}.then.records", name) });
    }
}
