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
    public async Task Table_that_is_known_to_be_big_is_not_counted()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample"));
        await ExecuteAsync("update pg_class set reltuples = 5000000 where oid = '{s}.samples'::regclass");
        var plan = await PlanAsync(new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text", "index": true }"""));
        Assert.Equal([(5_000_000, false), (5_000_000, true)], plan.Changes.Select(change => (change.Rows, change.IsDeferred)));
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
    public async Task Fields_that_exchange_their_names_keep_their_values_and_do_so_once()
    {
        await ApplyAsync(new PackageBuilder().Entity("other").Entity("sample",
            """{ "name": "a", "type": "text", "unique": true }""", """{ "name": "b", "type": "money", "currency": "EUR", "index": true }""",
            """{ "name": "x", "type": "lookup", "target": "other" }""", """{ "name": "y", "type": "lookup", "target": "other" }"""));
        await InsertAsync("others");
        await InsertAsync("samples", "a, b, b_currency, x_id", "'was a', 12, 'EUR', (select id from {s}.others)");
        var plan = await ApplyAsync(new PackageBuilder().Entity("other").Entity("sample",
            """{ "name": "a", "renamedFrom": "b", "type": "money", "currency": "EUR", "index": true }""", """{ "name": "b", "renamedFrom": "a", "type": "text", "unique": true }""",
            """{ "name": "x", "renamedFrom": "y", "type": "lookup", "target": "other" }""", """{ "name": "y", "renamedFrom": "x", "type": "lookup", "target": "other" }"""));
        Assert.Equal("12.00 EUR was a true", await ScalarAsync("select concat_ws(' ', a, a_currency, b, (x_id is null and y_id is not null)::text) from {s}.samples"));
        Assert.All(plan.Changes, change => Assert.Contains(change.Kind, new[] { ChangeKind.RenameColumn, ChangeKind.RenameIndex, ChangeKind.Annotate, ChangeKind.FollowRename }));
        Assert.Contains("Rename sample.b to ~1 for the moment, until the name a is free.", plan.Changes.Select(change => change.Sentence));
        Assert.Contains("Rename sample.~1 to a.", plan.Changes.Select(change => change.Sentence));
    }

    [Fact]
    public async Task Fields_that_exchanged_their_names_change_back_when_they_first_forgot_them()
    {
        var swapped = new PackageBuilder().Entity("sample", """{ "name": "a", "renamedFrom": "b", "type": "text" }""", """{ "name": "b", "renamedFrom": "a", "type": "text" }""");
        var plain = new PackageBuilder().Entity("sample", """{ "name": "a", "type": "text" }""", """{ "name": "b", "type": "text" }""");
        await ApplyAsync(plain);
        await InsertAsync("samples", "a, b", "'was a', 'was b'");
        await ApplyAsync(swapped);
        Assert.All((await ApplyAsync(plain)).Changes, change => Assert.Equal(ChangeKind.Annotate, change.Kind));
        Assert.Equal("was b", await ScalarAsync("select a from {s}.samples"));
        await ApplyAsync(swapped);
        Assert.Equal("was a", await ScalarAsync("select a from {s}.samples"));
    }

    [Fact]
    public async Task Three_fields_that_pass_their_names_on_in_a_circle_keep_their_values()
    {
        var fields = (string a, string b, string c) => new PackageBuilder().Entity("sample",
            $$"""{ "name": "a", {{a}} "type": "text", "index": true }""", $$"""{ "name": "b", {{b}} "type": "text", "index": true }""", $$"""{ "name": "c", {{c}} "type": "text", "index": true }""");
        await ApplyAsync(fields("", "", ""));
        await InsertAsync("samples", "a, b, c", "'was a', 'was b', 'was c'");
        await ApplyAsync(fields("\"renamedFrom\": \"c\",", "\"renamedFrom\": \"a\",", "\"renamedFrom\": \"b\","));
        Assert.Equal("was c, was a, was b", await ScalarAsync("select concat_ws(', ', a, b, c) from {s}.samples"));
    }

    [Fact]
    public async Task Entities_that_exchange_their_names_keep_their_records_indexes_and_references()
    {
        const string code = """{ "name": "code", "type": "text", "unique": true }""";
        await ApplyAsync(new PackageBuilder().Entity("one", code).Entity("two", code).Entity("child", """{ "name": "one", "type": "lookup", "target": "one" }"""));
        await InsertAsync("ones", "code", "'was one'");
        await InsertAsync("twos", "code", "'was two'");
        await InsertAsync("twos", "code", "'was two, too'");
        await InsertAsync("childs", "one_id", "(select id from {s}.ones)");
        var plan = await ApplyAsync(new PackageBuilder().EntityWith("one", "\"renamedFrom\": \"two\"", code).EntityWith("two", "\"renamedFrom\": \"one\"", code)
            .Entity("child", """{ "name": "one", "type": "lookup", "target": "two" }"""));
        Assert.Equal("was one", await ScalarAsync("select code from {s}.twos join {s}.childs on childs.one_id = twos.id"));
        Assert.DoesNotContain(plan.Changes, change => change.Kind is ChangeKind.CreateTable or ChangeKind.RetireTable or ChangeKind.AddIndex or ChangeKind.AddForeignKey);
        Assert.Equal([(2L, "one"), (1L, "two")], plan.Changes.Where(change => change.Kind == ChangeKind.Annotate).Select(change => (change.Rows, change.Entity)).Order().Reverse());
        Assert.Contains(plan.Changes, change => change.Sentence.EndsWith("for the moment, until the name ones is free."));
    }

    [Fact]
    public async Task What_names_an_entity_or_field_in_its_rows_follows_its_new_name()
    {
        const string number = """{ "name": "number", "type": "autonumber", "format": "N-{000}" }""";
        const string regarding = """{ "name": "regarding", "type": "lookup", "targets": ["one", "two"] }""";
        await ApplyAsync(new PackageBuilder().Entity("one", number).Entity("two", number).Entity("note", regarding));
        await InsertAsync("ones");
        await InsertAsync("notes", "regarding_id, regarding_type", "(select id from {s}.ones), 'one'");
        await ExecuteAsync("insert into {s}._number_series (entity, field, period, last) values ('one', 'number', '', 7), ('two', 'number', '', 8)");
        await ExecuteAsync("insert into {s}._audit (id, entity, record_id, operation) select gen_random_uuid(), 'one', id, 'create' from {s}.ones");
        await ExecuteAsync("insert into {s}._file (id, name, content_type, size, sha256, content, entity, record_id, field) select gen_random_uuid(), 'a', 'b', 0, '', '', 'one', id, 'scan' from {s}.ones");
        var plan = await ApplyAsync(new PackageBuilder().EntityWith("one", "\"renamedFrom\": \"two\"", """{ "name": "code", "renamedFrom": "number", "type": "autonumber", "format": "N-{000}" }""")
            .EntityWith("two", "\"renamedFrom\": \"one\"", number).Entity("note", regarding));
        Assert.Equal("two two two", await ScalarAsync("select concat_ws(' ', (select regarding_type from {s}.notes), (select {s}._audit_entity(entity, at) from {s}._audit), (select entity from {s}._file))"));
        Assert.Equal("one code 8, two number 7", await ScalarAsync("select string_agg(concat_ws(' ', entity, field, last), ', ' order by entity) from {s}._number_series"));
        Assert.Contains("Let note.regarding go on pointing to one, formerly two, two, formerly one.", plan.Changes.Select(change => change.Sentence));
    }

    [Fact]
    public async Task Entities_whose_names_move_on_take_their_records_along()
    {
        const string code = """{ "name": "code", "type": "text", "unique": true }""";
        await ApplyAsync(new PackageBuilder().Entity("one", code).Entity("two", code));
        await InsertAsync("ones", "code", "'was one'");
        await InsertAsync("twos", "code", "'was two'");
        await ApplyAsync(new PackageBuilder().EntityWith("two", "\"renamedFrom\": \"one\"", code).EntityWith("zero", "\"renamedFrom\": \"two\"", code));
        Assert.Equal("was one, was two", await ScalarAsync("select concat_ws(', ', (select code from {s}.twos), (select code from {s}.zeros))"));
    }

    [Fact]
    public async Task Entities_that_exchange_their_plurals_keep_their_records()
    {
        var entity = (string name, string plural) => $$"""{ "name": "{{name}}", "plural": "{{plural}}", "primary": "title", "fields": [ { "name": "title", "type": "text" } ] }""";
        await ApplyAsync(new PackageBuilder().EntityJson(entity("one", "left")).EntityJson(entity("two", "right")));
        await InsertAsync("\"left\"", "title", "'was one'");
        await ApplyAsync(new PackageBuilder().EntityJson(entity("one", "right")).EntityJson(entity("two", "left")));
        Assert.Equal("was one", await ScalarAsync("select title from {s}.\"right\""));
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
