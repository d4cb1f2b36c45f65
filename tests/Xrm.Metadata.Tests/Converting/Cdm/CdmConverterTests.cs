using System.Text.Json;
using Xrm.Metadata.Converting;
using Xrm.Metadata.Converting.Cdm;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Converting.Cdm;

public sealed class CdmConverterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xrm-cdm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Names_labels_and_limits_are_carried_over()
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", """
            { "name": "thingId", "purpose": "identifiedBy", "dataType": "entityId" },
            { "name": "UTCCodeOfThing", "dataType": "integer", "displayName": "Code", "description": "A code.", "minimumValue": "-1", "maximumValue": "99" },
            { "name": "name", "dataType": "string", "maximumLength": 100, "appliedTraits": [{ "traitReference": "is.requiredAtLevel", "arguments": [{ "name": "level", "value": "systemrequired" }] }] },
            { "name": "notes", "dataType": "string", "maximumLength": 2000 },
            { "name": "rate", "dataType": "decimal", "minimumValue": "1E-10" },
            { "name": "secret", "dataType": "string", "maximumLength": 10, "isReadOnly": true, "appliedTraits": [{ "traitReference": "is.requiredAtLevel", "arguments": ["recommended"] }] }
            """));
        var thing = Assert.Single(entities);
        Assert.Equal(("thing", "things", "name"), (thing.Name, thing.Plural, thing.Primary));
        Assert.Equal("name:text utc_code_of_thing:integer notes:multiline rate:decimal secret:text", Describe(thing));
        Assert.Equal((-1m, 99m, "Code", "A code."), (thing.Fields[1].Min, thing.Fields[1].Max, thing.Fields[1].Label, thing.Fields[1].Description));
        Assert.Equal((28, 10, 0.0000000001m), (thing.Fields[3].Precision, thing.Fields[3].Scale, thing.Fields[3].Min));
        Assert.True(thing.Fields[0].Required!.Always);
        Assert.True(thing.Fields[4].Recommended);
        Assert.True(thing.Fields[4].Readonly!.Always);
        Assert.Equal("thing.id", report.Places["Thing.thingId"]);
        Assert.Empty(report.Losses);
    }

    [Fact]
    public async Task What_every_record_has_becomes_the_engines_own_fields()
    {
        var (entities, report) = await ConvertAsync(Entity("User", "{ \"name\": \"fullName\", \"dataType\": \"string\", \"maximumLength\": 99 }"), Entity("Team", "{ \"name\": \"name\", \"dataType\": \"string\", \"maximumLength\": 99 }"), Entity("Thing", $$"""
            { "name": "createdOn", "dataType": "dateTime" }, { "name": "versionNumber", "dataType": "bigInteger" },
            {{Reference("User", "creator", "createdBy", "{m}")}},
            {{Choice("owner", "ownerId", "User", "Team")}},
            {{Reference("User", "u", "owningUser", "{m}")}},
            { "name": "name", "dataType": "string", "maximumLength": 99 }
            """));
        var thing = entities.Single(entity => entity.Name == "thing");
        Assert.Equal("user", thing.Ownership);
        Assert.Equal("name:text", Describe(thing));
        Assert.Equal(["thing.created_at", "thing.created_by", "thing.name", "thing.owner", "thing.owner", "thing.version"], report.Places.Where(place => place.Key.StartsWith("Thing.", StringComparison.Ordinal)).Select(place => place.Value).Order());
    }

    [Fact]
    public async Task References_become_lookups_of_one_of_several_and_of_any_entity()
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", $$"""
            { "name": "name", "dataType": "string", "maximumLength": 99 },
            {{Reference("Thing", "parentThing", "id")}}, {{Reference("Thing", "master", "masterId", "{m}")}},
            {{Choice("regarding", "id", "Thing", "Other")}}, {{Choice("anything", "id")}}, {{Reference("Missing", "lost", "id")}},
            { "name": "otherId", "dataType": "entityId", "appliedTraits": [{ "traitReference": "is.CDS.lookup", "arguments": ["single"] }] }
            """), Entity("Other", $"{Reference("Thing", "thing", "id")}"));
        var thing = entities.Single(entity => entity.Name == "thing");
        Assert.Equal("name:text parent_thing:parent master:lookup regarding:lookup anything:lookup lost_id:uuid other_id:uuid", Describe(thing));
        Assert.Equal("thing other", string.Join(' ', thing.Fields[3].Targets));
        Assert.Equal("*", thing.Fields[4].Target);
        Assert.Equal(["lostId entity", "otherId is.CDS.lookup"], report.Losses.Select(loss => $"{loss.Attribute} {loss.Property}"));
    }

    [Fact]
    public async Task Values_that_depend_on_another_choice_become_dependent_options()
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", $$"""
            { "name": "name", "dataType": "string", "maximumLength": 99 },
            { "name": "stateCode", "dataType": {{List("listLookup", """["en", "Closed", "1", "1"], ["en", "Open", "0", "0"]""")}} },
            { "name": "statusCode", "purpose": { "purposeReference": "representsCorrelatedStatusWith", "appliedTraits": [{ "traitReference": "is.correlatedWith", "arguments": ["stateCode"] }] },
              "dataType": {{List("listLookupCorrelated", """["en", "New", "1", "0", "0"], ["en", "Stuck", "2", "1", "0"], ["en", "Stuck", "2", "1", "1"]""")}} },
            { "name": "empty", "dataType": "listLookup" }
            """));
        var fields = Assert.Single(entities).Fields;
        Assert.Equal(["Open 0", "Closed 1"], fields[1].Options!.Inline.Select(option => $"{option.Label} {option.Value}"));
        Assert.Equal("state_code", fields[2].Parent);
        Assert.Equal(["1: 0", "2: 0 1"], fields[2].Options!.Inline.Select(option => $"{option.Value}: {string.Join(' ', option.When)}"));
        Assert.Equal("integer", fields[3].Type);
        Assert.Equal("empty", Assert.Single(report.Losses).Attribute);
    }

    [Fact]
    public async Task Money_keeps_its_currency_and_its_base_amount()
    {
        var (entities, report) = await ConvertAsync(
            Entity("Currency", "{ \"name\": \"currencyName\", \"dataType\": \"string\", \"maximumLength\": 9 }, { \"name\": \"ISOCurrencyCode\", \"dataType\": \"string\", \"maximumLength\": 5 }"),
            Entity("Thing", $$"""
            { "name": "priceBase", "dataType": "currency", "appliedTraits": [{ "traitReference": "is.calculationOf", "arguments": [{ "name": "sourceAttribute", "value": "price" }] }] },
            { "name": "name", "dataType": "string", "maximumLength": 99 }, { "name": "price", "dataType": "currency" }, {{Reference("Currency", "transactionCurrency", "id")}}
            """));
        var thing = entities.Single(entity => entity.Name == "thing");
        Assert.Equal("name:text price:money transaction_currency:lookup", Describe(thing));
        Assert.Equal("transaction_currency.iso_currency_code", thing.Fields[1].Currency);
        Assert.Equal("thing.price_base", report.Places["Thing.priceBase"]);
        Assert.Empty(report.Losses);
    }

    [Fact]
    public async Task Inherited_attributes_come_last_and_can_be_changed_or_removed()
    {
        var (entities, _) = await ConvertAsync("""
            { "entityName": "Base", "hasAttributes": ["common", { "name": "gone", "dataType": "string" }] },
            { "attributeGroupName": "common", "members": [{ "name": "subject", "dataType": "string", "maximumLength": 50 }, { "name": "avoided", "dataType": "string" }] },
            { "entityName": "Thing", "sourceName": "thing", "extendsEntity": "Base",
              "extendsEntityResolutionGuidance": { "selectsSubAttribute": { "selects": "some", "selectsSomeAvoidNames": ["avoided"] } },
              "hasAttributes": [{ "name": "own", "dataType": "boolean" }, { "name": "gone", "resolutionGuidance": { "removeAttribute": true } }, { "name": "subject", "displayName": "About" }] }
            """);
        var thing = Assert.Single(entities);
        Assert.Equal("subject:text own:boolean", Describe(thing));
        Assert.Equal((50, "About"), (thing.Fields[0].MaxLength, thing.Fields[0].Label));
    }

    [Fact]
    public async Task Inner_objects_that_repeat_become_numbered_fields()
    {
        var (entities, report) = await ConvertAsync(Entity("Address", "{ \"name\": \"line1\", \"dataType\": \"string\", \"appliedTraits\": [{ \"traitReference\": \"is.requiredAtLevel\", \"arguments\": [\"required\"] }] }"), Entity("Thing", """
            { "name": "name", "dataType": "string", "maximumLength": 99 },
            { "name": "address", "entity": { "entityReference": "Address" }, "resolutionGuidance": { "cardinality": "many", "renameFormat": "{a}{o}{M}", "expansion": { "startingOrdinal": 1, "maximumExpansion": 2 },
              "entityByReference": { "allowReference": true, "foreignKeyAttribute": { "name": "addressId", "dataType": "entityId" } } } }
            """));
        Assert.Equal("name:text address1_address:lookup address1_line1:multiline address2_address:lookup address2_line1:multiline", Describe(entities.Single(entity => entity.Name == "thing")));
        Assert.Equal(2, report.Losses.Count(loss => loss.Property == "is.requiredAtLevel"));
    }

    [Fact]
    public async Task Names_that_would_collide_are_told_apart()
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", $$"""
            { "name": "name", "dataType": "string", "maximumLength": 99 }, { "name": "Name2", "dataType": "string" }, { "name": "owner", "dataType": "string" }, { "name": "version", "dataType": "string" },
            {{Reference("Thing", "link", "id")}}, { "name": "link_id", "dataType": "guid" }
            """));
        Assert.Equal("name:text name2:multiline thing_owner:multiline thing_version:multiline link:lookup link_id_2:uuid", Describe(Assert.Single(entities)));
        Assert.Equal("thing.link_id_2", report.Places["Thing.link_id"]);
    }

    [Fact]
    public async Task Entities_that_require_one_another_are_relaxed_where_the_circle_closes()
    {
        var required = "\"appliedTraits\": [{ \"traitReference\": \"is.requiredAtLevel\", \"arguments\": [\"required\"] }]";
        var (entities, report) = await ConvertAsync(
            Entity("A", $"{{ \"name\": \"name\", \"dataType\": \"string\", \"maximumLength\": 99 }}, {Reference("B", "b", "id", settings: required)}"),
            Entity("B", $"{{ \"name\": \"name\", \"dataType\": \"string\", \"maximumLength\": 99 }}, {Reference("A", "a", "id", settings: required)}"),
            Entity("C", $"{{ \"name\": \"name\", \"dataType\": \"string\", \"maximumLength\": 99 }}, {Reference("B", "b", "id", settings: required)}, {Reference("C", "self", "id", settings: required)}"));
        Assert.Equal("a b c", string.Join(' ', report.CreationOrder));
        Assert.Equal(["C.selfId", "A.bId"], report.Losses.Select(loss => $"{loss.Entity}.{loss.Attribute}"));
        Assert.Null(entities[0].Fields[1].Required);
        Assert.NotNull(entities[1].Fields[1].Required);
    }

    [Fact]
    public async Task Nothing_is_lost_silently_when_a_trait_or_type_is_unknown()
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", """
            { "name": "name", "dataType": "string", "maximumLength": 99 }, { "name": "odd", "dataType": "hologram" }, { "name": "traced", "dataType": "boolean", "appliedTraits": ["is.traced"], "defaultValue": true }
            """));
        Assert.Equal("name:text odd:multiline traced:boolean", Describe(Assert.Single(entities)));
        Assert.Equal(["odd dataType", "traced defaultValue", "traced is.traced"], report.Losses.Select(loss => $"{loss.Attribute} {loss.Property}"));
        Assert.Equal(2, report.AttributesWithLoss);
    }

    [Theory]
    [InlineData("{ \"name\": \"title\", \"dataType\": \"string\", \"maximumLength\": 2000 }", "title", "text", 0)]
    [InlineData("{ \"name\": \"title\", \"dataType\": \"string\" }", "title", "text", 1)]
    [InlineData("{ \"name\": \"flag\", \"dataType\": \"boolean\" }, { \"name\": \"thingName\", \"dataType\": \"string\", \"maximumLength\": 50 }", "thing_name", "text", 0)]
    public async Task What_stands_for_a_record_is_one_line(string attributes, string primary, string type, int losses)
    {
        var (entities, report) = await ConvertAsync(Entity("Thing", attributes));
        Assert.Equal((primary, type), (entities[0].Primary, entities[0].Fields[0].Type));
        Assert.Equal(losses, report.Losses.Length);
    }

    [Fact]
    public async Task A_record_type_without_a_text_is_known_by_its_id()
    {
        var (entities, _) = await ConvertAsync(Entity("Thing", "{ \"name\": \"flag\", \"dataType\": \"boolean\" }"));
        Assert.Equal("id", entities[0].Primary);
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("{ \"definitions\": [] }")]
    public async Task A_folder_that_cannot_be_understood_is_refused(string document)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.cdm.json"), document);
        await Assert.ThrowsAsync<InvalidDataException>(() => CdmConverter.ConvertAsync(_folder.FullName, new CdmOptions("x"), CancellationToken.None));
    }

    [Fact]
    public async Task Entities_that_extend_one_another_are_refused() => await Assert.ThrowsAsync<InvalidDataException>(() => ConvertAsync("""
        { "entityName": "A", "sourceName": "a", "extendsEntity": "B" }, { "entityName": "B", "extendsEntity": "A" }
        """));

    private async Task<(List<Entity> Entities, ConversionReport Report)> ConvertAsync(params string[] definitions)
    {
        var types = string.Join(", ", new[] { "guid", "string", "boolean", "integer", "dateTime", "decimal", "listLookup", "listLookupCorrelated" }.Select(name => $"{{ \"dataTypeName\": \"{name}\" }}"));
        var derived = "{ \"dataTypeName\": \"entityId\", \"extendsDataType\": \"guid\" }, { \"dataTypeName\": \"bigInteger\", \"extendsDataType\": \"integer\" }, { \"dataTypeName\": \"currency\", \"extendsDataType\": \"decimal\" }";
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "all.cdm.json"), $"\uFEFF{{ \"definitions\": [{types}, {derived}, {string.Join(", ", definitions)}] }}");
        var (files, report) = await CdmConverter.ConvertAsync(_folder.FullName, new CdmOptions("package", Prefix: ""), CancellationToken.None);
        var entities = files.Content.Where(file => file.Key.StartsWith("entities/", StringComparison.Ordinal)).Select(file => JsonSerializer.Deserialize<Entity>(file.Value.AsSpan(), SourceJson.Options)!);
        return ([.. entities], report);
    }

    private static string Describe(Entity entity) => string.Join(' ', entity.Fields.Select(field => $"{field.Name}:{field.Type}"));

    private static string Entity(string name, string attributes) => $"{{ \"entityName\": \"{name}\", \"sourceName\": \"{name}\", \"hasAttributes\": [{{ \"attributeGroupReference\": {{ \"attributeGroupName\": \"g\", \"members\": [{attributes}] }} }}] }}";

    private static string Reference(string target, string name, string key, string? format = null, string? settings = null) =>
        $"{{ \"name\": \"{name}\", \"entity\": {{ \"entityReference\": \"{target}\" }}, {Guidance(key, format, settings)} }}";

    private static string Choice(string name, string key, params string[] targets) =>
        $"{{ \"name\": \"{name}\", \"entity\": {{ \"entityReference\": {{ \"entityName\": \"Options\", \"hasAttributes\": [{string.Join(", ", targets.Select(target => $"{{ \"entity\": {{ \"entityReference\": \"{target}\" }}, \"name\": \"o\" }}"))}] }} }}, {Guidance(key, key == "id" ? null : "{m}", null)} }}";

    private static string Guidance(string key, string? format, string? settings) =>
        $"\"resolutionGuidance\": {{ {(format is null ? "" : $"\"renameFormat\": \"{format}\", ")} \"entityByReference\": {{ \"foreignKeyAttribute\": {{ \"name\": \"{key}\", \"dataType\": \"entityId\"{(settings is null ? "" : ", " + settings)} }} }} }}";

    private static string List(string type, string rows) =>
        $"{{ \"dataTypeReference\": \"{type}\", \"appliedTraits\": [{{ \"traitReference\": \"does.haveDefault\", \"arguments\": [{{ \"entityReference\": {{ \"entityShape\": \"x\", \"constantValues\": [{rows}] }} }}] }}] }}";
}
