using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Checking;

public sealed class ChecksTests
{
    /// <summary>A field that is added to an entity <c>thing</c> beside <c>other</c>, and the codes of its problems.</summary>
    [Theory]
    [InlineData("""{ "name": "x", "type": "lookup", "target": "thing", "required": true }""", "lookup_needs_itself")]
    [InlineData("""{ "name": "x", "type": "text", "copyFrom": "nix" }""", "field_unknown")]
    [InlineData("""{ "name": "x", "type": "lookup", "target": "thnig" }""", "entity_unknown")]
    [InlineData("""{ "name": "x", "type": "lookup", "targets": ["other", "nothing_like_it"] }""", "entity_unknown")]
    [InlineData("""{ "name": "x", "type": "choice", "options": "nowhere" }""", "options_unknown")]
    [InlineData("""{ "name": "x", "type": "choice", "options": [ { "value": "a" }, { "value": "a" } ] }""", "setting_wrong")]
    [InlineData("""{ "name": "x", "type": "choice", "parent": "nix", "options": [ { "value": "a" } ] }""", "field_unknown")]
    [InlineData("""{ "name": "x", "type": "text", "copyFrom": "title.name" }""", "path_wrong")]
    [InlineData("""{ "name": "x", "type": "text", "copyFrom": "created_by.nix" }""", "path_wrong")]
    [InlineData("""{ "name": "x", "type": "money", "currency": "nix" }""", "field_unknown")]
    [InlineData("""{ "name": "x", "type": "text", "access": { "read": ["boss"] } }""", "role_unknown")]
    [InlineData("""{ "name": "owner_id", "type": "text" }""", "name_reserved")]
    [InlineData("""{ "name": "owner", "type": "lookup", "target": "other" }""", "name_reserved")]
    [InlineData("""{ "name": "x", "type": "integer", "default": "three" }""", "default_wrong")]
    [InlineData("""{ "name": "x", "type": "children", "entity": "other" }""", "setting_wrong")]
    [InlineData("""{ "name": "x", "type": "children", "entity": "thing", "via": "title" }""", "via_wrong")]
    [InlineData("""{ "name": "x", "type": "links", "target": "other", "through": "other" }""", "through_wrong")]
    [InlineData("""{ "name": "x", "type": "integer", "rollup": { "entity": "other", "via": "title", "aggregate": "count" } }""", "via_wrong")]
    [InlineData("""{ "name": "x", "type": "integer", "rollup": { "entity": "other", "via": "thing", "aggregate": "sum" } }""", "property_missing")]
    [InlineData("""{ "name": "x", "type": "money", "rollup": { "entity": "other", "via": "thing", "aggregate": "count" } }""", "rollup_wrong")]
    [InlineData("""{ "name": "x", "type": "money", "rollup": { "entity": "other", "via": "thing", "aggregate": "sum", "field": "size" } }""", "rollup_wrong")]
    [InlineData("""{ "name": "x", "type": "money", "currency": "title", "rollup": { "entity": "other", "via": "thing", "aggregate": "sum", "field": "size" } }""", "rollup_wrong")]
    [InlineData("""{ "name": "x", "type": "integer", "index": true, "rollup": { "entity": "other", "via": "thing", "aggregate": "count", "stored": false } }""", "rollup_wrong")]
    [InlineData("""{ "name": "x", "type": "text", "renamedFrom": "Old" }""", "name_invalid")]
    [InlineData("""{ "name": "x", "type": "text", "min": 3 }""", "setting_refused")]
    public void Field_with_a_mistake_is_reported(string field, string codes)
    {
        var problems = APackage.Problems(APackage.Of(
            APackage.Entity("thing", field), APackage.Entity("other", """{ "name": "thing", "type": "lookup", "target": "thing", "required": true }, { "name": "size", "type": "integer" }""")));

        Assert.Equal(codes, Codes(problems));
        Assert.All(problems, problem => Assert.True(problem.Location is { File: "entities/thing.json", Line: > 0 }, problem.ToString()));
    }

    /// <summary>A field <c>x</c> over <c>other</c>, which has a field of each kind: what is wrong, and where.</summary>
    [Theory]
    [InlineData("integer", "first", "\"field\": \"label\"", "rollup_wrong type")]
    [InlineData("text", "last", "\"field\": \"label\"", "rollup_wrong type")]
    [InlineData("text\", \"maxLength\": \"700", "last", "\"field\": \"label\"", "")]
    [InlineData("text", "first", "\"field\": \"remark\"", "rollup_wrong type")]
    [InlineData("multiline", "first", "\"field\": \"remark\"", "")]
    [InlineData("email", "first", "\"field\": \"label\"", "rollup_wrong type")]
    [InlineData("richtext", "concat", "\"field\": \"label\"", "rollup_wrong type")]
    [InlineData("integer", "min", "\"field\": \"day\"", "rollup_wrong type")]
    [InlineData("date", "count", "", "rollup_wrong type")]
    [InlineData("boolean", "last", "\"field\": \"done\", \"orderBy\": \"day\"", "")]
    [InlineData("boolean", "max", "\"field\": \"done\"", "rollup_wrong rollup.aggregate")]
    [InlineData("uuid", "last", "\"field\": \"thing\"", "rollup_wrong rollup.aggregate")]
    [InlineData("text", "concat", "\"field\": \"day\"", "rollup_wrong rollup.aggregate")]
    [InlineData("text", "concat", "\"field\": \"label\", \"separator\": \"\\n\"", "rollup_wrong rollup.separator")]
    [InlineData("multiline", "concat", "\"field\": \"label\", \"separator\": \"\\n\"", "")]
    [InlineData("integer", "sum", "\"field\": \"size\", \"separator\": \", \"", "rollup_wrong rollup.separator")]
    [InlineData("integer", "sum", "\"field\": \"size\", \"orderBy\": \"day\"", "rollup_wrong rollup.orderBy")]
    [InlineData("integer", "first", "\"field\": \"size\", \"orderBy\": \"nix\"", "field_unknown rollup.orderBy")]
    [InlineData("integer", "first", "\"field\": \"size\", \"orderBy\": \"thing\"", "rollup_wrong rollup.orderBy")]
    [InlineData("integer", "first", "\"field\": \"size\", \"orderBy\": \"version\"", "rollup_wrong rollup.orderBy")]
    [InlineData("integer", "max", "\"field\": \"version\"", "rollup_wrong rollup.field")]
    [InlineData("choice\", \"options\": [ { \"value\": \"a\" } ], \"label\": \"X", "last", "\"field\": \"state\"", "rollup_wrong type")]
    [InlineData("choice\", \"options\": [ { \"value\": \"a\" }, { \"value\": \"b\" } ], \"label\": \"X", "last", "\"field\": \"state\"", "")]
    public void Rollup_must_fit_its_field(string type, string aggregate, string more, string expected)
    {
        var field = $$"""{ "name": "x", "type": "{{type}}", "rollup": { "entity": "other", "via": "thing", "aggregate": "{{aggregate}}"{{(more.Length > 0 ? ", " : "")}}{{more}} } }""".Replace("\"maxLength\": \"700\"", "\"maxLength\": 700", StringComparison.Ordinal);
        var problems = APackage.Problems(APackage.Of(APackage.Entity("thing", field), APackage.Entity("other", """
            { "name": "thing", "type": "lookup", "target": "thing", "required": true }, { "name": "size", "type": "integer" }, { "name": "label", "type": "text", "maxLength": 700 },
            { "name": "remark", "type": "multiline" }, { "name": "day", "type": "date" }, { "name": "done", "type": "boolean" },
            { "name": "state", "type": "choice", "options": [ { "value": "a" }, { "value": "b" } ] }
            """)));

        Assert.Equal(expected, string.Join(", ", problems.Select(problem => $"{problem.Code} {problem.Location.Path.Split("fields[1].")[^1]}")));
    }

    [Theory]
    [InlineData("\"subtitle\": \"nix\"", "field_unknown")]
    [InlineData("\"defaultSort\": [ { \"field\": \"nix\" } ]", "field_unknown")]
    [InlineData("\"keys\": [ { \"name\": \"k\", \"fields\": [\"nix\"] } ]", "field_unknown")]
    [InlineData("\"keys\": [ { \"name\": \"k\", \"fields\": [\"title\"] }, { \"name\": \"k\", \"fields\": [\"title\"] } ]", "name_twice")]
    [InlineData("\"validations\": [ { \"when\": \"true\", \"message\": \"No\", \"fields\": [\"nix\"] } ]", "field_unknown")]
    [InlineData("\"lifecycle\": { \"field\": \"title\" }", "lifecycle_wrong")]
    [InlineData("\"lifecycle\": { \"field\": \"nix\" }", "field_unknown")]
    [InlineData("\"features\": [\"flying\"]", "value_not_allowed")]
    public void Entity_with_a_mistake_is_reported(string part, string code) =>
        Assert.Equal(code, Codes(APackage.Problems(APackage.Of(APackage.Entity("thing", more: part)))));

    [Theory]
    [InlineData("views/thing.all.json", """{ "name": "thing.all", "entity": "nix" }""", "entity_unknown")]
    [InlineData("views/other.all.json", """{ "name": "other.all", "entity": "thing" }""", "owner_wrong")]
    [InlineData("views/thing.all.json", """{ "name": "thing.all", "entity": "thing", "sort": [ { "field": "nix" } ] }""", "field_unknown")]
    [InlineData("forms/thing.main.json", """{ "name": "thing.main", "entity": "thing", "header": ["nix"] }""", "field_unknown")]
    [InlineData("forms/thing.main.json", """{ "name": "thing.main", "entity": "thing", "tabs": [ { "label": "A", "sections": [ { "fields": ["titel"] } ] } ] }""", "field_unknown")]
    [InlineData("apps/a.json", """{ "name": "a", "roles": ["nix"], "navigation": [ { "items": [ { "entity": "thing", "view": "thing.nix" }, { "entity": "nix" } ] } ] }""", "entity_unknown role_unknown view_unknown")]
    [InlineData("roles/r.json", """{ "name": "r", "entities": { "*": { "read": "own" }, "nix": {} } }""", "entity_unknown")]
    [InlineData("translations/de.json", """{ "language": "de", "texts": { "entity.thing.label": "Ding", "entity.thing.labl": "Ding" } }""", "text_key_unknown")]
    [InlineData("data/thing.json", """{ "entity": "thing", "rows": [] }""", "key_missing")]
    [InlineData("data/thing.json", """{ "entity": "thing", "key": ["title"], "rows": [ { "title": 5 }, { "nix": 1, "title": "a" }, {} ] }""", "field_unknown key_incomplete value_wrong")]
    [InlineData("tests/a.tests.json", """{ "tests": [ { "name": "t", "when": { "update": "nix" }, "then": {} } ] }""", "test_record_unknown test_wrong")]
    [InlineData("tests/a.tests.json", """{ "tests": [ { "name": "t", "when": [], "then": { "exists": [ { "entity": "nix" }, { "entity": "thing", "where": { "id": { "$ref": "me" } } } ], "workflows": { "nix": 1 } } } ] }""", "entity_unknown test_record_unknown test_wrong workflow_unknown")]
    [InlineData("tests/a.tests.json", """{ "tests": [ { "name": "t", "as": { "roles": ["nix"] }, "when": [ { "delete": "b" }, { "delete": "a", "update": "a" } ], "then": { "failsOn": "*" } } ] }""", "role_unknown test_record_unknown test_record_unknown test_record_unknown test_wrong")]
    [InlineData("tests/a.tests.json", """{ "tests": [ { "name": "t", "when": { "create": { "as": "a", "entity": "thing", "values": { "nix": 1 } } }, "then": { "records": { "b": {} } } } ] }""", "field_unknown test_record_unknown")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] }, "steps": [ { "name": "a", "type": "set", "to": "x" }, { "name": "a", "type": "wait" } ] }""", "name_twice step_wrong step_wrong step_wrong")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] }, "steps": [ { "name": "a", "type": "set", "values": { "nix": 1, "title": 5 } } ] }""", "field_unknown value_wrong")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": [] } }""", "value_out_of_range")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] }, "steps": [ { "name": "a", "type": "email", "to": "title", "subject": "{{#if title}} a {{ else }} b {{/if}} {{! remark }} {{#unless title}}{{/unless}}", "body": "{ {{title}} }" } ] }""", "")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] }, "steps": [ { "name": "a", "type": "email", "to": "title", "subject": "{{#each title}}x{{/each}}", "body": "{{{title}}} {{upper title}}" } ] }""", "template_wrong template_wrong template_wrong template_wrong")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] }, "steps": [ { "name": "a", "type": "email", "to": "title", "subject": "{{#if title}}{{#unless title}}{{/if}}", "body": "{{else}} {{title" } ] }""", "template_wrong template_wrong template_wrong template_wrong template_wrong")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["delete"] }, "steps": [ { "name": "a", "type": "condition", "when": "true", "then": [ { "name": "b", "type": "set", "values": { "title": "x" } } ] } ] }""", "step_wrong")]
    public void File_with_a_mistake_is_reported(string path, string json, string codes)
    {
        var problems = APackage.Problems(APackage.Of(APackage.Entity("thing"), (path, json)));

        Assert.Equal(codes, Codes(problems));
        Assert.All(problems, problem => Assert.True(problem.Location.File == path && problem.Location.Line > 0, problem.ToString()));
    }

    [Fact]
    public void Record_that_a_deletion_workflow_creates_cannot_point_to_the_deleted_one()
    {
        var problem = Assert.Single(APackage.Problems(APackage.Of(APackage.Entity("thing"), APackage.Entity("note", """{ "name": "about", "type": "lookup", "target": "thing" }"""),
            ("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["delete"] }, "steps": [ { "name": "a", "type": "create", "entity": "note", "values": { "about": { "formula": "id" } } } ] }"""))));

        Assert.Equal(("step_wrong", "$.steps[0].values.about"), (problem.Code, problem.Location.Path));
    }

    [Fact]
    public void Required_lookups_in_a_circle_are_reported_once()
    {
        var problem = Assert.Single(APackage.Problems(APackage.Of(
            APackage.Entity("a", """{ "name": "b", "type": "lookup", "target": "b", "required": true }"""),
            APackage.Entity("b", """{ "name": "c", "type": "lookup", "target": "c", "required": true }"""),
            APackage.Entity("c", """{ "name": "a", "type": "lookup", "target": "a", "required": true }"""))));

        Assert.Equal("lookup_cycle", problem.Code);
        Assert.Contains("a.b, b.c, c.a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_refers_to_an_unreadable_file_is_not_reported()
    {
        var problem = Assert.Single(APackage.Problems(APackage.Of(
            APackage.Entity("thing", """{ "name": "x", "type": "lookup", "target": "other" }"""), ("entities/other.json", "{"), ("views/other.all.json", """{ "name": "other.all", "entity": "other", "columns": ["name"] }"""))));

        Assert.Equal("json_invalid", problem.Code);
    }

    [Fact]
    public void Two_packages_with_the_same_entity_are_reported_where_the_second_is()
    {
        var problems = APackage.Problems(APackage.Named("a", APackage.Entity("thing")), APackage.Named("b", APackage.Entity("thing")));

        Assert.Equal(("name_twice", "b"), (problems[0].Code, problems[0].Location.Package));
    }

    [Theory]
    [InlineData("\"language\": \"de\"", "language_twice", "$.language")]
    [InlineData("\"timeZone\": \"Europe/Berlin\"", "time_zone_twice", "$.timeZone")]
    [InlineData("\"currencies\": { \"base\": \"EUR\", \"entity\": \"thing\", \"currency\": \"title\", \"validFrom\": \"title\", \"rate\": \"title\" }", "currencies_twice", "$.currencies")]
    public void What_one_package_says_for_all_is_said_once(string said, string code, string path)
    {
        var problem = Assert.Single(APackage.Problems(Saying("a", APackage.Entity("thing")), Saying("b")));

        Assert.Equal((code, "b", "manifest.json", path), (problem.Code, problem.Location.Package, problem.Location.File, problem.Location.Path));
        Assert.StartsWith("a already says", problem.Message, StringComparison.Ordinal);

        PackageFiles Saying(string name, params (string, string)[] more) =>
            APackage.Named(name, [("manifest.json", $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0", {{(name == "b" ? "\"dependsOn\": { \"a\": \"*\" }, " : "")}}{{said}} }"""), .. more]);
    }

    [Theory]
    [InlineData("UTC", "")]
    [InlineData("America/Argentina/Buenos_Aires", "")]
    [InlineData("Europe/Atlantis", "time_zone_unknown $.timeZone")]
    // PostgreSQL takes a short name for an offset that knows no summer.
    [InlineData("CET", "time_zone_unknown $.timeZone")]
    [InlineData("W. Europe Standard Time", "time_zone_unknown $.timeZone")]
    public void Time_zone_has_the_name_that_all_know(string zone, string expected)
    {
        var problems = APackage.Problems(APackage.Named("a", [("manifest.json", $$"""{ "formatVersion": 1, "name": "a", "version": "1.0.0", "timeZone": "{{zone}}" }"""), APackage.Entity("thing")]));

        Assert.Equal(expected, string.Join(", ", problems.Select(problem => $"{problem.Code} {problem.Location.Path}")));
    }

    [Theory]
    [InlineData("^1.0", "")]
    [InlineData("~1.0", "")]
    [InlineData("*", "")]
    [InlineData("^2.0", "dependency_version")]
    [InlineData("newest", "dependency_version")]
    public void Version_range_decides(string range, string codes) => Assert.Equal(codes, Codes(APackage.Problems(
        APackage.Named("base"),
        APackage.Named("more", ("manifest.json", $$"""{ "formatVersion": 1, "name": "more", "version": "1.0.0", "dependsOn": { "base": "{{range}}" } }""")))));

    [Fact]
    public void Packages_in_a_circle_are_reported() => Assert.Equal("dependency_cycle", Codes(APackage.Problems(
        APackage.Named("a", ("manifest.json", """{ "formatVersion": 1, "name": "a", "version": "1.0.0", "dependsOn": { "b": "*" } }""")),
        APackage.Named("b", ("manifest.json", """{ "formatVersion": 1, "name": "b", "version": "1.0.0", "dependsOn": { "a": "*" } }""")))));

    [Theory]
    [InlineData("administration", "name_reserved")]
    [InlineData("api", "name_reserved")]
    [InlineData("administrations", "")]
    public void App_whose_address_is_the_engines_is_refused(string name, string codes)
    {
        var problems = APackage.Problems(APackage.Of(APackage.Entity("thing"), ($"apps/{name}.json", $$"""{ "name": "{{name}}", "navigation": [ { "items": [ { "entity": "thing" } ] } ] }""")));

        Assert.Equal(codes, Codes(problems));
        Assert.All(problems, problem => Assert.Equal(($"apps/{name}.json", "$.name"), (problem.Location.File, problem.Location.Path)));
    }

    private static string Codes(IEnumerable<Problem> problems) => string.Join(' ', problems.Select(problem => problem.Code).Order(StringComparer.Ordinal));
}
