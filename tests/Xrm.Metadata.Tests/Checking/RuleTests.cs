using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.Tests.Checking;

public sealed class RuleTests
{
    private const string Fields = """
        { "name": "size", "type": "integer" }, { "name": "twice", "type": "integer", "formula": "size * 2" }, { "name": "cost", "type": "money" },
        { "name": "state", "type": "choice", "options": [ { "value": "open" }, { "value": "done" } ] },
        { "name": "rank", "type": "choice", "options": [ { "value": "low" }, { "value": "high" } ] },
        { "name": "parts", "type": "children", "entity": "part", "via": "thing" }, { "name": "about", "type": "lookup", "targets": ["thing", "part"] },
        { "name": "home", "type": "address" }
        """;

    [Theory]
    [InlineData("""{ "name": "r" }""", "rule_wrong rules[0]")]
    [InlineData("""{ "name": "r", "when": "size > 1" }""", "rule_wrong rules[0]")]
    [InlineData("""{ "name": "r", "then": [ { "require": ["size"] } ], "else": [ { "hide": ["size"] } ] }""", "rule_wrong rules[0].else")]
    [InlineData("""{ "name": "r", "script": "r.js", "on": ["create"], "then": [ { "require": ["size"] } ] }""", "rule_wrong rules[0].script")]
    [InlineData("""{ "name": "r", "script": "r.js", "on": ["create"], "else": [ { "lock": ["size"] } ] }""", "rule_wrong rules[0].script")]
    [InlineData("""{ "name": "r", "script": "r.js", "on": ["transition"], "transitions": ["finsh"] }""", "transition_unknown rules[0].transitions[0]")]
    [InlineData("""{ "name": "r", "script": "r.js", "on": ["create"], "transitions": ["win"] }""", "rule_wrong rules[0].transitions")]
    [InlineData("""{ "name": "r", "script": "r.js", "on": ["create"], "timing": "later" }""", "value_not_allowed rules[0].timing")]
    [InlineData("""{ "name": "r", "on": ["create"], "timing": "after", "then": [ { "lock": ["size"] } ] }""", "rule_wrong rules[0].timing")]
    [InlineData("""{ "name": "r", "script": "r.js" }""", "rule_wrong rules[0]")]
    [InlineData("""{ "name": "r", "then": [ {} ] }""", "rule_wrong rules[0].then[0]")]
    [InlineData("""{ "name": "r", "then": [ { "require": ["size"], "lock": ["cost"] } ] }""", "rule_wrong rules[0].then[0]")]
    [InlineData("""{ "name": "r", "then": [ { "require": ["size"], "to": "1" } ] }""", "rule_wrong rules[0].then[0].to")]
    [InlineData("""{ "name": "r", "then": [ { "set": "size" } ] }""", "rule_wrong rules[0].then[0]")]
    [InlineData("""{ "name": "r", "then": [ { "limit": "rank" } ] }""", "rule_wrong rules[0].then[0]")]
    [InlineData("""{ "name": "r", "then": [ { "limit": "size", "options": ["low"] } ] }""", "rule_wrong rules[0].then[0].limit")]
    [InlineData("""{ "name": "r", "then": [ { "limit": "rank", "options": ["low", "hihg"] } ] }""", "option_unknown rules[0].then[0].options[1]")]
    [InlineData("""{ "name": "r", "then": [ { "message": " " } ] }""", "rule_wrong rules[0].then[0].message")]
    [InlineData("""{ "name": "r", "then": [ { "message": "Look.", "kind": "loud" } ] }""", "value_not_allowed rules[0].then[0].kind")]
    [InlineData("""{ "name": "r", "then": [ { "message": "Look.", "field": "sise" } ] }""", "field_unknown rules[0].then[0].field")]
    [InlineData("""{ "name": "r", "when": "size > 1", "then": [ { "hide": ["cost"] } ], "else": [ { "show": ["size", "csot"] } ] }""", "field_unknown rules[0].else[0].show[1]")]
    [InlineData("""{ "name": "r", "then": [ { "require": ["twice"] } ] }""", "rule_wrong rules[0].then[0].require[0]")]
    [InlineData("""{ "name": "r", "then": [ { "lock": ["created_at"] } ] }""", "rule_wrong rules[0].then[0].lock[0]")]
    [InlineData("""{ "name": "r", "then": [ { "set": "twice", "to": "1" } ] }""", "rule_wrong rules[0].then[0].set")]
    [InlineData("""{ "name": "r", "then": [ { "default": "parts", "to": "1" } ] }""", "rule_wrong rules[0].then[0].default")]
    [InlineData("""{ "name": "r", "then": [ { "set": "about", "to": "id" } ] }""", "rule_wrong rules[0].then[0].set")]
    [InlineData("""{ "name": "r", "then": [ { "clear": ["state"] } ] }""", "rule_wrong rules[0].then[0].clear[0]")]
    [InlineData("""{ "name": "r", "on": ["update", "delete"], "then": [ { "lock": ["size"] } ] }""", "rule_wrong rules[0].then[0].lock")]
    [InlineData("""{ "name": "r", "on": [], "then": [ { "lock": ["size"] } ] }""", "value_out_of_range rules[0].on")]
    [InlineData("""{ "name": "r", "fields": ["sise"], "then": [ { "lock": ["size"] } ] }""", "field_unknown rules[0].fields[0]")]
    [InlineData("""{ "name": "r", "then": [ { "reqire": ["size"] } ] }""", "property_unknown rules[0].then[0].reqire")]
    public void Rule_with_a_mistake_is_reported(string rule, string expected)
    {
        var problems = APackage.Problems(Package(rule)).Where(problem => problem.Location.File == "entities/thing.json").ToList();

        Assert.Equal(expected, problems.Count == 0 ? "" : $"{problems[0].Code} {problems[0].Location.Path[2..]}");
        Assert.True(problems is [{ Remedy.Length: > 0, Location.Line: > 0 }, ..]);
    }

    [Fact]
    public void Rule_of_an_extension_comes_in_its_order_among_the_others()
    {
        var extended = APackage.Named("more",
            ("manifest.json", """{ "formatVersion": 1, "name": "more", "version": "1.0.0", "dependsOn": { "sample": "^1.0" } }"""),
            ("extensions/thing.json", """{ "entity": "thing", "rules": [ { "name": "first", "order": -1, "label": "First of all", "when": "size > 1", "then": [ { "limit": "rank", "options": ["high"] }, { "message": "Look.", "field": "size" } ] } ] }"""));
        var model = APackage.Model(Package("""{ "name": "r", "on": ["create"], "script": "r.js" }, { "name": "last", "on": ["delete"], "then": [ { "message": "No.", "kind": "error" } ] }"""), extended);

        var rules = model.FindEntity("thing")!.Rules;
        Assert.Equal(["first", "r", "last"], rules.Select(rule => rule.Name));
        Assert.Equal([(true, true, false), (true, false, false), (false, false, true)], rules.Select(rule => (rule.OnCreate, rule.OnUpdate, rule.OnDelete)));
        Assert.Null(rules[1].Decision);
        Assert.Equal([DecisionKind.Limit, DecisionKind.Warning], rules[0].Decision!.Then.Select(action => action.Kind));
        Assert.Equal(DecisionKind.Error, rules[2].Decision!.Then[0].Kind);
        Assert.Equal("size > 1", rules[0].Decision!.When!.Text);
    }

    private static Xrm.Metadata.Source.PackageFiles Package(string rules) => APackage.Of(
        APackage.Entity("thing", Fields, $$""" "lifecycle": { "field": "state", "transitions": [ { "name": "finish", "from": ["open"], "to": "done" } ] }, "rules": [ {{rules}} ]"""),
        APackage.Entity("part", """{ "name": "thing", "type": "lookup", "target": "thing", "required": true }"""), ("rules/r.js", "log('x');"));
}
