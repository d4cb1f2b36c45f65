using Xrm.Data.Schema;
using Xrm.Metadata.FieldTypes;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Schema;

public sealed class SchemaPlanTests(TestDatabase test) : SchemaTest(test)
{
    public static TheoryData<string, string> FieldsOfEveryType() => new()
    {
        { "choice", """ "options": [ { "value": "a" }, { "value": "b" } ] """ },
        { "choice", """ "options": [ { "value": 1 }, { "value": 2 } ] """ },
        { "choices", """ "options": [ { "value": "a" } ] """ },
        { "choices", """ "options": [ { "value": 1 } ] """ },
        { "lookup", """ "target": "sample" """ },
        { "lookup", """ "targets": ["sample", "other"] """ },
        { "lookup", """ "target": "*" """ },
        { "autonumber", """ "format": "S-{00000}" """ },
        { "decimal", """ "precision": 28, "scale": 8 """ },
        { "links", """ "target": "other" """ },
        { "links", """ "target": "sample" """ },
        { "children", """ "entity": "other", "via": "sample" """ },
        { "money", """ "currency": "EUR" """ },
    };

    [Theory]
    [MemberData(nameof(FieldsOfEveryType))]
    public async Task Second_plan_is_empty_for_field(string type, string settings)
    {
        var other = """{ "name": "sample", "type": "lookup", "target": "sample" }""";
        await ApplyAsync(new PackageBuilder().Entity("other", other).Entity("sample"));
        var plan = await ApplyAsync(new PackageBuilder().Entity("other", other).Entity("sample", $$"""{ "name": "field", "type": "{{type}}", {{settings}} }"""));
        Assert.Equal(type == "children", plan.IsEmpty);
    }

    [Fact]
    public async Task Second_plan_is_empty_for_all_types_that_need_no_settings()
    {
        string[] need = ["lookup", "links", "children", "choice", "choices", "autonumber", "parent", "owner"];
        var fields = FieldTypeRegistry.Default.All.Where(type => !need.Contains(type.Name)).ToList();
        Assert.True(fields.Count > 20);
        await ApplyAsync(new PackageBuilder().Entity("sample", [.. fields.Select(type => $$"""{ "name": "f_{{type.Name}}", "type": "{{type.Name}}" }""")]));
    }

    [Fact]
    public async Task Second_plan_is_empty_for_reserved_words_as_names()
    {
        string[] words = ["all", "and", "array", "as", "case", "check", "column", "constraint", "create", "default", "desc", "do", "end", "false", "for", "from", "grant", "group", "having",
            "in", "into", "limit", "not", "null", "offset", "on", "only", "or", "order", "primary", "references", "select", "session_user", "table", "then", "to", "true", "union", "unique",
            "user", "using", "when", "where", "window", "with"];
        var package = new PackageBuilder();
        foreach (var word in words)
            package.EntityJson($$"""{ "name": "{{word}}", "plural": "{{word}}_", "primary": "{{word}}", "fields": [ { "name": "{{word}}", "type": "text", "unique": true, "index": true }, { "name": "select", "type": "lookup", "target": "{{word}}" } ] }"""
                .Replace(word == "select" ? """, { "name": "select", "type": "lookup", "target": "select" }""" : "\0", ""));
        await ApplyAsync(package);
    }

    [Fact]
    public async Task Names_of_63_letters_are_kept_and_derived_ones_stay_apart()
    {
        var stem = new string('a', 56);
        var package = new PackageBuilder().EntityJson($$"""
            { "name": "{{stem}}", "plural": "{{stem}}_plural", "primary": "{{stem}}_field1",
              "fields": [ { "name": "{{stem}}_field1", "type": "text", "unique": true }, { "name": "{{stem}}_field2", "type": "text", "unique": true },
                          { "name": "{{stem}}_x", "type": "lookup", "target": "{{stem}}" }, { "name": "{{stem}}_y", "type": "lookup", "target": "{{stem}}" } ] }
            """);
        var plan = await ApplyAsync(package);
        Assert.Equal(3, plan.Changes.Length);
    }

    [Fact]
    public async Task Renamed_field_keeps_its_values_indexes_and_references()
    {
        await ApplyAsync(new PackageBuilder().Entity("other").Entity("sample", """{ "name": "old", "type": "text", "unique": true }""", """{ "name": "other", "type": "lookup", "target": "other" }"""));
        await InsertAsync("samples", "old", "'kept'");
        var plan = await ApplyAsync(new PackageBuilder().Entity("other")
            .Entity("sample", """{ "name": "fresh", "renamedFrom": "old", "type": "text", "unique": true }""", """{ "name": "friend", "renamedFrom": "other", "type": "lookup", "target": "other" }"""));
        Assert.Equal("kept", await ScalarAsync("select fresh from {s}.samples"));
        Assert.DoesNotContain(plan.Changes, change => change.Kind is ChangeKind.AddColumn or ChangeKind.AddIndex or ChangeKind.AddForeignKey or ChangeKind.RetireColumn);
    }

    [Fact]
    public async Task Names_that_move_on_take_their_values_along()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "a", "type": "text" }""", """{ "name": "b", "type": "text" }"""));
        await InsertAsync("samples", "a, b", "'was a', 'was b'");
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "b", "renamedFrom": "a", "type": "text" }""", """{ "name": "c", "renamedFrom": "b", "type": "text" }"""));
        Assert.Equal("was a, was b", await ScalarAsync("select b || ', ' || c from {s}.samples"));
    }

    [Fact]
    public async Task Renamed_entity_and_changed_plural_keep_the_records()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text", "unique": true }""").Entity("child", """{ "name": "sample", "type": "lookup", "target": "sample" }"""));
        await InsertAsync("samples", "title", "'kept'");
        var plan = await ApplyAsync(new PackageBuilder()
            .EntityWith("specimen", "\"renamedFrom\": \"sample\"", """{ "name": "code", "type": "text", "unique": true }""")
            .Entity("child", """{ "name": "sample", "type": "lookup", "target": "specimen" }"""));
        Assert.Equal("kept", await ScalarAsync("select title from {s}.specimens"));
        Assert.DoesNotContain(plan.Changes, change => change.Kind is ChangeKind.CreateTable or ChangeKind.AddIndex or ChangeKind.AddForeignKey);
        await ApplyAsync(new PackageBuilder()
            .EntityJson("""{ "name": "specimen", "plural": "specimina", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "code", "type": "text", "unique": true } ] }""")
            .Entity("child", """{ "name": "sample", "type": "lookup", "target": "specimen" }"""));
        Assert.Equal("kept", await ScalarAsync("select title from {s}.specimina"));
    }

    [Fact]
    public async Task Field_that_disappears_is_retired_and_comes_back_with_its_values()
    {
        var with = new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text", "unique": true }""", """{ "name": "price", "type": "money" }""");
        await ApplyAsync(with);
        await InsertAsync("samples", "code, price", "'kept', 12.5");
        var plan = await ApplyAsync(new PackageBuilder().Entity("sample"));
        Assert.All(plan.Changes, change => Assert.Equal(ChangeRisk.Safe, change.Risk));
        await ApplyAsync(with);
        Assert.Equal("kept 12.50", await ScalarAsync("select code || ' ' || price from {s}.samples"));
    }

    [Fact]
    public async Task Entity_that_disappears_is_retired_and_hinders_nobody()
    {
        var with = new PackageBuilder().Entity("target").Entity("sample", """{ "name": "target", "type": "lookup", "target": "target", "onDelete": "restrict" }""");
        await ApplyAsync(with);
        await InsertAsync("targets", "title", "'t'");
        await InsertAsync("samples", "title, target_id", "'kept', (select id from {s}.targets)");
        await ApplyAsync(new PackageBuilder().Entity("target"));
        await ExecuteAsync("update {s}.samples set target_id = null");
        await ExecuteAsync("delete from {s}.targets");
        await ApplyAsync(with);
        Assert.Equal("kept", await ScalarAsync("select title from {s}.samples"));
    }

    [Fact]
    public async Task Data_is_deleted_only_when_named()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "price", "type": "money" }""").Entity("gone"));
        await InsertAsync("samples", "price", "1");
        await InsertAsync("gones");
        var plan = await ApplyAsync(new PackageBuilder().Entity("sample"), "sample.price", "gone");
        Assert.Equal(3, plan.Changes.Count(change => change is { Kind: ChangeKind.DropColumn, Risk: ChangeRisk.Destructive, Rows: 1 }));
        Assert.Single(plan.Changes, change => change is { Kind: ChangeKind.DropTable, Risk: ChangeRisk.Destructive, Rows: 1 });
        var typo = await PlanAsync(new PackageBuilder().Entity("sample"), "sample.prize");
        Assert.Equal("drop_unknown", Assert.Single(typo.Problems).Code);
    }

    [Fact]
    public async Task Retired_table_can_be_deleted_later()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample").Entity("gone"));
        await ApplyAsync(new PackageBuilder().Entity("sample"));
        var plan = await ApplyAsync(new PackageBuilder().Entity("sample"), "gone");
        Assert.Equal(ChangeKind.DropTable, Assert.Single(plan.Changes).Kind);
    }
}
