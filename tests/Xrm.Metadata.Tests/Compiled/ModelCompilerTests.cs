using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.Tests.Compiled;

public sealed class ModelCompilerTests
{
    private static readonly string User = APackage.Entity("user").Json;

    [Fact]
    public void Formula_inside_a_setting_has_the_line_on_which_it_stands()
    {
        var model = APackage.Model(APackage.Of(APackage.Entity("thing", "{ \"name\": \"day\", \"type\": \"date\",\n\"default\":\n{ \"formula\": \"today()\" } }")));

        Assert.Equal(("$.fields[1].default.formula", 3), (Formula().Path, Formula().Line));

        SourceLocation Formula() => model.FindEntity("thing")!.FindField("day")!.DefaultFormula!.Location;
    }

    [Fact]
    public void Every_entity_has_the_system_fields_last()
    {
        var model = APackage.Model(APackage.Of(APackage.Entity("thing", more: "\"ownership\": \"user\", \"features\": [\"recycleBin\"]"), ("entities/user.json", User)));

        var thing = model.FindEntity("thing")!;

        Assert.Equal(["title", "owner", "owning_unit", "created_at", "created_by", "modified_at", "modified_by", "deleted_at", "deleted_by", "id", "version"], thing.Fields.Select(field => field.Name));
        Assert.Equal("created_by_id", thing.FindField("created_by")!.Column!.Name);
        Assert.False(thing.FindField("created_by")!.HasForeignKey);
        Assert.Equal("owning_unit", thing.FindField("owning_unit")!.Column!.Name);
        Assert.True(thing.HasRecycleBin);
        Assert.Empty(model.FindEntity("user")!.IncomingLookups);
    }

    [Fact]
    public void Lookups_find_their_targets_and_are_found_by_them()
    {
        var model = APackage.Model(APackage.Of(
            APackage.Entity("order", """{ "name": "buyer", "type": "lookup", "target": "company", "inverse": { "name": "orders" } }, { "name": "about", "type": "lookup", "targets": ["company", "order"] }, { "name": "any", "type": "lookup", "target": "*" }"""),
            APackage.Entity("company", """{ "name": "parent", "type": "parent" }""")));

        var order = model.FindEntity("order")!;
        var company = model.FindEntity("company")!;

        Assert.Equal(["company"], order.FindField("buyer")!.Targets.Select(target => target.Name));
        Assert.Equal(["company", "order"], order.FindField("about")!.Targets.Select(target => target.Name));
        Assert.True(order.FindField("about")!.IsPolymorphic);
        Assert.Equal(["company", "order"], order.FindField("any")!.Targets.Select(target => target.Name));
        Assert.Same(order.FindField("buyer"), company.FindInverse("orders"));
        Assert.Same(company.FindField("parent"), company.Hierarchy);
        Assert.Equal(["company"], company.FindField("parent")!.Targets.Select(target => target.Name));
        Assert.Equal(["parent", "buyer", "about", "any"], company.IncomingLookups.Select(field => field.Name));
    }

    [Theory]
    [InlineData("company", "")]
    [InlineData("order", "")]
    [InlineData("company", ", \"through\": \"pair\"")]
    public void Links_with_an_inverse_have_the_same_pairs_with_their_ends_exchanged(string target, string through)
    {
        var model = APackage.Model(APackage.Of(APackage.Entity("order", $$"""{ "name": "partners", "type": "links", "target": "{{target}}", "inverse": { "name": "back" }{{through}} }"""), APackage.Entity("company"),
            APackage.Entity("pair", """{ "name": "a", "type": "lookup", "target": "order" }, { "name": "b", "type": "lookup", "target": "company" }""")));

        var partners = model.FindEntity("order")!.FindField("partners")!;
        var back = model.FindEntity(target)!.FindField("back")!;

        Assert.Equal(("links", "Orders", partners), (back.Type.Name, back.Label, back.InverseOf));
        Assert.Equal((partners.Child, partners.FarSide, partners.Via), (back.Child, back.Via, back.FarSide));
        Assert.Contains(model.Forms.First(form => form.Entity.Name == target).Source.Tabs, tab => tab.Sections.Any(section => section.Fields.Any(field => field.Field == "back")));
    }

    [Fact]
    public void Inverse_of_links_needs_a_name_that_is_free()
    {
        var problems = APackage.Problems(APackage.Of(APackage.Entity("order", """{ "name": "partners", "type": "links", "target": "company", "inverse": { "name": "title" } }"""), APackage.Entity("company")));
        var problem = Assert.Single(problems);
        Assert.Equal(("name_twice", "entities/order.json", "$.fields[1].inverse.name"), (problem.Code, problem.Location.File, problem.Location.Path));
    }

    [Theory]
    [InlineData("company", "order_partners", "order", "company")]
    [InlineData("order", "order_partners", "order", "other")]
    public void Links_without_through_get_an_entity_of_their_own(string target, string link, string near, string far)
    {
        var model = APackage.Model(APackage.Of(APackage.Entity("order", $$"""{ "name": "partners", "type": "links", "target": "{{target}}" }"""), APackage.Entity("company")));

        var partners = model.FindEntity("order")!.FindField("partners")!;

        Assert.Equal((link, near, far), (partners.Child!.Name, partners.Via!.Name, partners.FarSide!.Name));
        Assert.True(partners.Child.IsGeneratedLink);
        Assert.Equal([near, far], Assert.Single(partners.Child.Keys).Fields.Select(field => field.Name));
        Assert.Equal("cascade", partners.Via.Source.OnDelete);
        Assert.Equal("id", partners.Child.Primary.Name);
        Assert.DoesNotContain(model.Views, view => view.Entity == partners.Child);
    }

    [Fact]
    public void Children_and_rollups_are_connected()
    {
        var model = APackage.Model(APackage.Of(
            APackage.Entity("order", """{ "name": "lines", "type": "children", "entity": "line", "via": "order" }, { "name": "total", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount", "where": "amount > 0" } }"""),
            APackage.Entity("line", """{ "name": "order", "type": "lookup", "target": "order" }, { "name": "amount", "type": "decimal" }""")));

        var order = model.FindEntity("order")!;
        var line = model.FindEntity("line")!;

        Assert.Same(line.FindField("order"), order.FindField("lines")!.Via);
        var rollup = Assert.Single(line.FeedsRollups);
        Assert.Equal((order.FindField("total"), Aggregate.Sum, line.FindField("amount")), (rollup.Field, rollup.Aggregate, rollup.Value));
        Assert.Equal("$.fields[2].rollup.where", rollup.Where!.Location.Path);
        Assert.True(order.FindField("total")!.IsComputed);
    }

    [Fact]
    public void Extension_changes_and_adds_as_a_layer()
    {
        var owner = APackage.Named("base", APackage.Entity("thing", """{ "name": "kind", "type": "choice", "options": "kinds" }, { "name": "note", "type": "text" }"""),
            ("options/kinds.json", """{ "name": "kinds", "options": [ { "value": "a" }, { "value": "b" } ] }"""));
        var layer = APackage.Named("more", ("manifest.json", """{ "formatVersion": 1, "name": "more", "version": "1.0.0", "dependsOn": { "base": "^1.0" } }"""),
            ("extensions/thing.json", """
            { "entity": "thing", "label": "Item", "fields": [ { "name": "extra", "type": "text", "unique": true } ],
              "changes": { "kind": { "required": "note == 'x'", "options": [ { "value": "b", "retired": true }, { "value": "c" } ] }, "title": { "after": "note", "label": "Heading" } } }
            """));

        var thing = APackage.Model(layer, owner).FindEntity("thing")!;

        Assert.Equal("Item", thing.Label);
        Assert.Equal(["kind", "note", "title", "extra"], thing.Fields.Where(field => !field.IsSystem).Select(field => field.Name));
        Assert.Equal("Heading", thing.FindField("title")!.Label);
        Assert.Equal(["a", "b", "c"], thing.FindField("kind")!.Options.Select(option => option.Value.ToString()));
        Assert.True(thing.FindField("kind")!.Options[1].Retired);
        Assert.Equal(("more", "extensions/thing.json", "$.changes.kind.required"), Place(thing.FindField("kind")!.Required.Formula!));
        Assert.Equal("more", thing.FindField("extra")!.Package);
        Assert.Equal("extra", Assert.Single(thing.Keys).Name);
    }

    [Fact]
    public void Defaults_are_constants_or_formulas()
    {
        var thing = APackage.Model(APackage.Of(APackage.Entity("thing", """{ "name": "a", "type": "integer", "default": 3 }, { "name": "b", "type": "date", "default": { "formula": "today()" } }"""))).FindEntity("thing")!;

        Assert.Equal(3, thing.FindField("a")!.DefaultValue!.Value.GetInt32());
        Assert.Null(thing.FindField("b")!.DefaultValue);
        Assert.Equal("today()", thing.FindField("b")!.DefaultFormula!.Text);
    }

    [Fact]
    public void Entities_without_form_and_view_get_generated_ones()
    {
        var model = APackage.Model(APackage.Of(
            APackage.Entity("order", """{ "name": "status", "type": "choice", "options": [ { "value": "open" } ] }, { "name": "remarks", "type": "multiline" }, { "name": "secret_code", "type": "text", "hidden": true }, { "name": "lines", "type": "children", "entity": "line", "via": "order" }"""),
            APackage.Entity("line", """{ "name": "order", "type": "lookup", "target": "order" }, { "name": "buyer", "type": "lookup", "target": "order", "inverse": { "name": "bought" } }""")));

        var form = model.Forms.Single(form => form.Entity.Name == "order");
        var view = model.DefaultView(form.Entity)!;

        Assert.True(form.IsGenerated && view.IsGenerated);
        Assert.Equal(["General", "Lines", "Related"], form.Source.Tabs.Select(tab => tab.Label));
        Assert.Equal(["title", "status", "remarks", "lines", "bought"], form.Source.Tabs.SelectMany(tab => tab.Sections).SelectMany(section => section.Fields).Select(field => field.Field));
        Assert.Equal(["title", "status"], view.Source.Columns.AsEnumerable());
        Assert.Equal("order.all", view.Name);
    }

    [Fact]
    public void Generated_form_of_very_many_fields_has_the_important_first_and_tabs_for_the_rest()
    {
        var many = Enumerable.Range(0, 40).Select(number => $$"""{ "name": "extra{{number}}", "type": "text" }""");
        var alike = Enumerable.Range(0, 6).Select(number => $$"""{ "name": "billing_part{{number}}", "type": "text" }""");
        var model = APackage.Model(APackage.Of(APackage.Entity("order", string.Join(',',
        [
            .. many, .. alike, """{ "name": "needed", "type": "text", "required": true }""", """{ "name": "due", "type": "date" }""",
            """{ "name": "paid", "type": "boolean" }""", """{ "name": "remarks", "type": "multiline" }""",
        ]))));

        var form = model.Forms.Single(form => form.Entity.Name == "order").Source;

        Assert.Equal(["General", "Details", "Settings", "Texts"], form.Tabs.Select(tab => tab.Label));
        var general = form.Tabs[0].Sections.SelectMany(section => section.Fields).Select(field => field.Field).ToList();
        Assert.Subset(general.ToHashSet(), new HashSet<string> { "title", "needed", "due" });
        Assert.InRange(general.Count, 3, 13);
        Assert.Equal([null, "Billing"], form.Tabs[1].Sections.Select(section => section.Label));
        Assert.Equal(51, form.Tabs.SelectMany(tab => tab.Sections).SelectMany(section => section.Fields).Select(field => field.Field).Distinct().Count());
    }

    private static (string, string, string) Place(Expression expression) => (expression.Location.Package, expression.Location.File, expression.Location.Path);
}
