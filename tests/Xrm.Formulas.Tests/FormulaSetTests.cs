using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas.Tests;

public sealed class FormulaSetTests
{
    [Fact]
    public void Computed_field_is_stored_when_it_asks_only_for_its_own_record()
    {
        var (formulas, model, _) = Bind("""
            { "thing": [
              { "name": "title", "type": "text" }, { "name": "other", "type": "lookup", "target": "thing" },
              { "name": "size", "type": "integer" },
              { "name": "twice", "type": "integer", "formula": "size * 2" },
              { "name": "more", "type": "integer", "formula": "twice + 1" },
              { "name": "seen", "type": "boolean", "formula": "size > day(today())" },
              { "name": "unseen", "type": "boolean", "formula": "!seen" },
              { "name": "mine", "type": "boolean", "formula": "title == user.name" },
              { "name": "far", "type": "integer", "formula": "other.size" },
              { "name": "linked", "type": "boolean", "formula": "other != null" },
              { "name": "fresh", "type": "integer", "formula": "version" } ] }
            """);
        var thing = model.FindEntity("thing")!;

        Assert.Equal(["twice", "more", "linked"], formulas.StoredOf(thing).Select(field => field.Name));
        Assert.All(new[] { "title", "size", "other" }, name => Assert.True(formulas.IsStored(thing.FindField(name)!)));
        Assert.False(formulas[thing.FindField("unseen")!.Formula!].IsDeterministic);
        Assert.True(formulas[thing.FindField("unseen")!.Formula!].IsSameRow);
        Assert.False(formulas[thing.FindField("far")!.Formula!].IsSameRow);
        Assert.Equal(["other"], formulas[thing.FindField("far")!.Formula!].Fields.Select(field => field.Name));
        Assert.Equal(["seen", "size"], formulas[thing.FindField("unseen")!.Formula!].Fields.Select(field => field.Name).Order());
    }

    [Fact]
    public void Stored_fields_come_behind_those_that_they_need()
    {
        var (formulas, model, _) = Bind("""
            { "thing": [
              { "name": "size", "type": "integer" },
              { "name": "c", "type": "integer", "formula": "b + 1" }, { "name": "b", "type": "integer", "formula": "a + 1" }, { "name": "a", "type": "integer", "formula": "size + 1" } ] }
            """);

        Assert.Equal(["a", "b", "c"], formulas.StoredOf(model.FindEntity("thing")!).Select(field => field.Name));
    }

    [Fact]
    public void Computed_fields_that_need_one_another_are_refused_across_entities_and_rollups()
    {
        var (_, _, problems) = Bind("""
            { "order": [
                { "name": "title", "type": "text" }, { "name": "lines", "type": "children", "entity": "line", "via": "order" },
                { "name": "total", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount" } },
                { "name": "discount", "type": "decimal", "formula": "total * 0.1" } ],
              "line": [
                { "name": "text", "type": "text" }, { "name": "order", "type": "lookup", "target": "order" },
                { "name": "amount", "type": "decimal", "formula": "order.discount + 1" } ],
              "node": [
                { "name": "name", "type": "text" }, { "name": "above", "type": "parent" }, { "name": "depth", "type": "integer", "formula": "above.depth + 1" } ] }
            """);

        Assert.Contains(problems, problem => problem.Code == "formula_cycle" && problem.Message.Contains("line.amount needs order.discount, which needs order.total, which needs line.amount", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Code == "formula_cycle" && problem.Message.Contains("node.depth needs node.depth", StringComparison.Ordinal));
    }

    [Fact]
    public void Rollup_over_what_changes_by_itself_is_refused()
    {
        var (_, _, problems) = Bind("""
            { "order": [
                { "name": "title", "type": "text" },
                { "name": "total", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount", "where": "due_on < today()" } } ],
              "line": [
                { "name": "text", "type": "text" }, { "name": "order", "type": "lookup", "target": "order" }, { "name": "due_on", "type": "date" },
                { "name": "amount", "type": "decimal", "formula": "len(order.title)" } ] }
            """);

        Assert.Equal(2, problems.Count(problem => problem.Code == "formula_rollup"));
    }

    [Fact]
    public void Rollup_that_is_computed_may_ask_for_anything_and_makes_what_needs_it_computed()
    {
        var (formulas, model, problems) = Bind("""
            { "order": [
                { "name": "title", "type": "text" },
                { "name": "late", "type": "integer", "rollup": { "entity": "line", "via": "order", "aggregate": "count", "where": "due_on < today()", "stored": false } },
                { "name": "length", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount", "stored": false } },
                { "name": "share", "type": "decimal", "formula": "late / length" }, { "name": "size", "type": "integer", "formula": "len(title)" } ],
              "line": [
                { "name": "text", "type": "text" }, { "name": "order", "type": "lookup", "target": "order" }, { "name": "due_on", "type": "date" },
                { "name": "amount", "type": "decimal", "formula": "len(order.title)" } ] }
            """);
        Assert.Empty(problems);
        var order = model.FindEntity("order")!;
        Assert.Equal(["size"], formulas.StoredOf(order).Select(field => field.Name));
        Assert.All(["late", "length", "share"], (string name) => Assert.False(formulas.IsStored(order.FindField(name)!)));
        Assert.Empty(model.FindEntity("line")!.FeedsRollups);
        Assert.False(formulas[order.FindField("share")!.Formula!].IsDeterministic);
    }

    [Fact]
    public void Stored_rollup_over_a_computed_one_is_refused()
    {
        var (_, _, problems) = Bind("""
            { "team": [
                { "name": "title", "type": "text" },
                { "name": "points", "type": "decimal", "rollup": { "entity": "person", "via": "team", "aggregate": "sum", "field": "points", "where": "points > 1" } } ],
              "person": [
                { "name": "title", "type": "text" }, { "name": "team", "type": "lookup", "target": "team" },
                { "name": "points", "type": "decimal", "rollup": { "entity": "game", "via": "person", "aggregate": "sum", "field": "points", "stored": false } } ],
              "game": [ { "name": "title", "type": "text" }, { "name": "person", "type": "lookup", "target": "person" }, { "name": "points", "type": "decimal" } ] }
            """);

        Assert.Equal(["formula_rollup", "formula_rollup"], problems.Select(problem => problem.Code));
        Assert.Contains("Leave \"stored\" out of the rollup of person.points", problems[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Computed_rollups_that_need_one_another_are_refused()
    {
        var (_, _, problems) = Bind("""
            { "team": [
                { "name": "title", "type": "text" }, { "name": "person", "type": "lookup", "target": "person" },
                { "name": "points", "type": "decimal", "rollup": { "entity": "person", "via": "team", "aggregate": "sum", "field": "points", "stored": false } } ],
              "person": [
                { "name": "title", "type": "text" }, { "name": "team", "type": "lookup", "target": "team" },
                { "name": "points", "type": "decimal", "rollup": { "entity": "team", "via": "person", "aggregate": "sum", "field": "points", "stored": false } } ] }
            """);

        Assert.Contains("needs team.points, which needs person.points", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Formula_that_does_not_fit_its_field_is_refused_where_it_stands()
    {
        var (_, _, problems) = Bind("""
            { "thing": [
              { "name": "title", "type": "text" }, { "name": "due_on", "type": "date" },
              { "name": "size", "type": "integer", "formula": "title" },
              { "name": "on", "type": "date", "default": { "formula": "now()" } },
              { "name": "open", "type": "boolean", "formula": "title" },
              { "name": "state", "type": "choice", "options": [ { "value": "new" } ], "formula": "'nwe'" } ] }
            """);

        Assert.Equal(["formula_kind", "formula_kind", "formula_kind", "formula_unknown_option"], problems.Select(problem => problem.Code));
        Assert.Contains("number(…)", problems[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("date(…)", problems[1].Remedy, StringComparison.Ordinal);
        Assert.Contains("!!(…)", problems[2].Remedy, StringComparison.Ordinal);
        Assert.Equal("entities/thing.json", problems[0].Location.File);
        Assert.Equal("$.fields[2].formula", problems[0].Location.Path);
    }

    [Theory]
    [InlineData("due_on == null ? 'new' : 'lost'")]
    [InlineData("if(due_on == null, 'new', due_on > today() ? 'lost' : 'new')")]
    [InlineData("other ?? 'lost'")]
    [InlineData("coalesce(other, 'lost')")]
    [InlineData("other || 'lost'")]
    public void Option_that_is_not_there_is_refused_in_every_branch_of_a_result(string formula)
    {
        var (_, _, problems) = Bind($$"""
            { "thing": [
              { "name": "title", "type": "text" }, { "name": "due_on", "type": "date" }, { "name": "other", "type": "text" },
              { "name": "state", "type": "choice", "options": [ { "value": "new" } ], "formula": "{{formula}}" } ] }
            """);

        Assert.Equal(("formula_unknown_option", "entities/thing.json", "$.fields[3].formula"), (problems[0].Code, problems[0].Location.File, problems[0].Location.Path));
        Assert.Contains("thing.state has no option 'lost'", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_that_is_not_there_is_refused_in_every_branch_that_a_choice_is_compared_with()
    {
        var (_, _, problems) = Bind("""
            { "thing": [
              { "name": "title", "type": "text" }, { "name": "state", "type": "choice", "options": [ { "value": "new" } ] },
              { "name": "is_like", "type": "boolean", "formula": "state == (title == 'x' ? 'new' : 'lost')" } ] }
            """);

        Assert.Equal("formula_unknown_option", Assert.Single(problems).Code);
    }

    [Fact]
    public void Computed_value_fits_its_column()
    {
        var (formulas, model, _) = Bind("""
            { "thing": [
              { "name": "size", "type": "decimal", "precision": 10, "scale": 3 },
              { "name": "whole", "type": "integer", "formula": "size" },
              { "name": "small", "type": "decimal", "precision": 4, "scale": 1, "formula": "size" },
              { "name": "rough", "type": "float", "formula": "size" } ] }
            """);
        object? Value(string field, string row) =>
            formulas[model.FindEntity("thing")!.FindField(field)!.Formula!].Evaluate(new RowScope(JsonDocument.Parse(row).RootElement));

        Assert.Equal(3L, Value("whole", """{"size": 2.5}"""));
        Assert.Equal(2.3m, Value("small", """{"size": 2.25}"""));
        Assert.Null(Value("small", """{"size": 1000}"""));
        Assert.Equal(2.5d, Value("rough", """{"size": 2.5}"""));
    }

    [Fact]
    public void Lookup_filter_sees_the_target_and_the_record()
    {
        var (formulas, model, problems) = Bind("""
            { "order": [
                { "name": "title", "type": "text" }, { "name": "region", "type": "text" },
                { "name": "store", "type": "lookup", "target": "store", "filter": "region == record.region && open" } ],
              "store": [ { "name": "name", "type": "text" }, { "name": "region", "type": "text" }, { "name": "open", "type": "boolean" } ] }
            """);
        Assert.Empty(problems);
        var filter = formulas[model.FindEntity("order")!.FindField("store")!.Filter!];
        var store = JsonDocument.Parse("""{"region": "north", "open": true}""").RootElement;

        Assert.Equal(true, filter.Evaluate(new RowScope(store) { Around = JsonDocument.Parse("""{"region": "north"}""").RootElement }));
        Assert.Equal(false, filter.Evaluate(new RowScope(store) { Around = JsonDocument.Parse("""{"region": "south"}""").RootElement }));
    }

    [Fact]
    public void Condition_sees_what_changed()
    {
        var condition = Sample.Instance.Bind("changed('status') && !isNew()", FormulaUse.Condition);
        var row = JsonDocument.Parse("""{"status": "active"}""").RootElement;

        Assert.Equal(true, condition.Evaluate(new RowScope(row) { Before = JsonDocument.Parse("""{"status": "draft"}""").RootElement }));
        Assert.Equal(false, condition.Evaluate(new RowScope(row) { Before = row }));
        Assert.Equal(false, condition.Evaluate(new RowScope(row) { IsNew = true }));
    }

    [Fact]
    public void Mistakes_in_views_forms_validations_and_workflows_are_found()
    {
        var thing = JsonNode.Parse("""
            { "thing": { "fields": [
                { "name": "title", "type": "text", "required": "tilte == 'x'" }, { "name": "size", "type": "integer" }, { "name": "due_on", "type": "date" } ],
              "validations": [ { "when": "size > 'x'", "message": "Too large" } ] } }
            """)!.AsObject();
        var view = JsonNode.Parse("""{ "name": "thing.all", "entity": "thing", "columns": ["title"], "filter": "isNew()" }""")!.AsObject();
        var form = JsonNode.Parse("""{ "name": "thing.main", "entity": "thing", "tabs": [ { "label": "A", "visible": "foo()", "sections": [ { "fields": ["title"] } ] } ] }""")!.AsObject();
        var workflow = JsonNode.Parse("""
            { "name": "chase", "entity": "thing", "trigger": { "on": ["create"], "when": "size >" }, "steps": [
              { "name": "decide", "type": "condition", "when": "sise > 1", "then": [ { "name": "put", "type": "set", "values": { "due_on": { "formula": "now()" } } } ] },
              { "name": "tell", "type": "email", "to": "size", "subject": "x", "body": "y" },
              { "name": "rest", "type": "wait", "until": "title" } ] }
            """)!.AsObject();
        var model = Sample.Compile(thing, ("views/thing.all.json", view), ("forms/thing.main.json", form), ("workflows/chase.json", workflow));
        var problems = new List<Problem>();

        FormulaSet.Bind(model, problems);

        Assert.Equal(
            [
                "$.fields[0].required formula_unknown_name", "$.validations[0].when formula_kind", "$.tabs[0].visible formula_unknown_function", "$.filter formula_use",
                "$.trigger.when formula_syntax", "$.steps[0].then[0].values.due_on.formula formula_kind", "$.steps[0].when formula_unknown_name", "$.steps[1].to formula_kind", "$.steps[2].until formula_kind",
            ],
            problems.Select(problem => $"{problem.Location.Path} {problem.Code}"));
    }

    private static (FormulaSet Formulas, Model Model, List<Problem> Problems) Bind(string entities)
    {
        var model = Sample.Compile(JsonNode.Parse(entities)!.AsObject());
        var problems = new List<Problem>();
        return (FormulaSet.Bind(model, problems), model, problems);
    }
}
