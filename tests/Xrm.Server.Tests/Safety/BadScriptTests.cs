using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Safety;

/// <summary>What authors of rules get wrong, by mistake or on purpose: the save is refused in words that help, and the server is well afterwards.</summary>
public sealed class BadScriptTests(BadScriptApplication bad) : IClassFixture<BadScriptApplication>
{
    public static TheoryData<string> Names => [.. BadScripts.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_script_is_stopped_and_the_answer_names_rule_file_line_and_reason(string name)
    {
        var (_, code, line, message) = BadScripts.All[name];
        var answer = await bad.Admin.PostAsync("/api/data/papers", $$"""{ "title": "{{name}}" }""");
        Assert.True(answer.Status == 422 && code.Split('|').Contains(answer["code"]), $"{answer.Status} {answer.Json}");
        Assert.Contains($"Rule paper.{name}, line {line} of rules/{name}.js: ", answer["detail"]);
        Assert.Contains(message, answer["detail"]);
        Assert.InRange(answer["detail"]!.Length, 1, 2_500);

        // Nothing of it is left, and an ordinary save goes through.
        Assert.Equal("0", (await bad.Admin.GetAsync($"/api/data/papers?$count=true&$filter=title eq '{name}'"))["@odata.count"]);
        await bad.Admin.CreateAsync("papers", """{ "title": "ordinary" }""");
    }

    [Theory]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd');", "There is no 'System' in rules: a rule does not reach the machine")]
    [InlineData("var fs = require('fs');", "There is no 'require' in rules: a rule is one file and loads no other.")]
    [InlineData("process.exit(1);", "There is no 'process' in rules")]
    [InlineData("window.alert('x');", "There is no 'window' in rules: a rule runs on the server, where there is no page.")]
    [InlineData("document.title = 'x';", "There is no 'document' in rules")]
    [InlineData("fetch('https://example.com');", "There is no 'fetch' in rules: call http({ url: … }) in a rule that runs after the save")]
    [InlineData("return new Promise(function () {});", "There is no 'Promise' in rules: all that a rule can call answers at once")]
    [InlineData("setTimeout(function () {}, 10);", "There is no 'setTimeout' in rules")]
    [InlineData("eval('1');", "There is no 'eval' in rules: a rule does not make code from texts.")]
    [InlineData("new Function('return 1');", "There is no 'Function' in rules")]
    [InlineData("console.log(record.title);", "There is no 'console' in rules: write log(…) instead of console.log(…).")]
    public async Task What_a_script_reaches_for_in_vain_is_told_before_it_is_published(string script, string message)
    {
        var tried = await bad.Admin.PostAsync("/api/metadata/rules/dry-run", System.Text.Json.JsonSerializer.Serialize(new { entity = "paper", rule = "null_sum", script = $"// comment\n\n{script}" }));
        var problem = Assert.Single(tried.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal(("rule_unavailable", "rules/null_sum.js", 3), (problem.GetProperty("code").GetString(), problem.GetProperty("location").GetProperty("file").GetString(), problem.GetProperty("location").GetProperty("line").GetInt32()));
        Assert.StartsWith(message, problem.GetProperty("message").GetString());

        var files = new Dictionary<string, string> { ["manifest.json"] = """{ "formatVersion": 1, "name": "more", "version": "1.0.0" }""" };
        files["entities/sheet.json"] = """{ "name": "sheet", "plural": "sheets", "primary": "title", "fields": [ { "name": "title", "type": "text" } ], "rules": [ { "name": "wrong", "on": ["create"], "script": "sheet.wrong.js" } ] }""";
        files["rules/sheet.wrong.js"] = script;
        var publish = await bad.Admin.PostAsync("/api/metadata/publish", System.Text.Json.JsonSerializer.Serialize(new { packages = new[] { new { name = "more", files } } }));
        Assert.True(publish.Status >= 400, publish.Json.ToString());
        Assert.Contains("rule_unavailable", publish.Json.ToString());
    }

    [Theory]
    [InlineData("var window = { x: 1 }; var o = { fetch: 1, eval: window.x }; record.title = String(o.fetch + typeof require);")]
    [InlineData("function page(document, process) { return document + process; } record.title = page('a', 'b') + 'System';")]
    public async Task Names_that_a_script_makes_itself_are_its_own(string script)
    {
        var tried = await bad.Admin.PostAsync("/api/metadata/rules/dry-run", System.Text.Json.JsonSerializer.Serialize(new { entity = "paper", rule = "null_sum", script }));
        Assert.True(tried.Status == 200 && tried.Json.GetProperty("problems").GetArrayLength() == 0, tried.Json.ToString());
    }

    [Theory]
    [InlineData("title > 5")]
    [InlineData("pages == 'many'")]
    public async Task A_formula_that_compares_text_with_number_is_refused_in_words(string formula)
    {
        var check = await bad.Admin.PostAsync("/api/metadata/formulas/check", System.Text.Json.JsonSerializer.Serialize(new { entity = "paper", formula }));
        var problem = check.Json.GetProperty("problems")[0];
        Assert.StartsWith("formula_", problem.GetProperty("code").GetString());
        Assert.Contains("text", problem.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual("", problem.GetProperty("remedy").GetString());
    }

    [Fact]
    public async Task Formulas_that_need_each_other_across_three_entities_are_refused_with_the_circle()
    {
        static string Entity(string name, string next, string field, string other) => $$"""
            { "name": "{{name}}", "plural": "{{name}}s", "primary": "title", "fields": [
                { "name": "title", "type": "text" },
                { "name": "next", "type": "lookup", "target": "{{next}}" },
                { "name": "{{field}}", "type": "integer", "formula": "next.{{other}} + 1" } ] }
            """;
        var files = new Dictionary<string, string>
        {
            ["manifest.json"] = """{ "formatVersion": 1, "name": "ring", "version": "1.0.0" }""",
            ["entities/one.json"] = Entity("one", "two", "a", "b"),
            ["entities/two.json"] = Entity("two", "three", "b", "c"),
            ["entities/three.json"] = Entity("three", "one", "c", "a"),
        };
        var publish = await bad.Admin.PostAsync("/api/metadata/publish", System.Text.Json.JsonSerializer.Serialize(new { packages = new[] { new { name = "ring", files } } }));
        Assert.True(publish.Status >= 400, publish.Json.ToString());
        var problem = publish.Json.GetProperty("plan").GetProperty("problems").EnumerateArray().First(one => one.GetProperty("code").GetString() == "formula_cycle");
        foreach (var name in new[] { "one.a", "two.b", "three.c" }) Assert.Contains(name, problem.GetProperty("message").GetString());
        Assert.StartsWith("entities/", problem.GetProperty("location").GetProperty("file").GetString());
    }

    [Fact]
    public async Task Formulas_take_what_is_missing_in_sums_as_nothing_and_give_nothing_for_a_division_by_zero()
    {
        var empty = await bad.Admin.CreateAsync("papers", """{ "title": "empty" }""");
        await bad.Admin.CreateAsync("papers", $$"""{ "title": "part", "whole_id": "{{empty}}" }""");
        var paper = await bad.Admin.GetAsync($"/api/data/papers/{empty}");
        Assert.Equal("0", paper["parts_pages"]);
        Assert.Null(paper["ratio"]);
    }

    [Theory]
    [InlineData("null_sum", "5")]
    [InlineData("null_product", "0")]
    [InlineData("zero_mail", "1")]
    public async Task What_is_odd_but_harmless_passes(string name, string expected)
    {
        var paper = await bad.Admin.CreateAsync("papers", $$"""{ "title": "{{name}}" }""");
        Assert.Equal(expected, (await bad.Admin.GetAsync($"/api/data/papers/{paper}"))["pages"]);
    }
}

/// <summary>Scripts by name, with the code and a part of the answer.</summary>
internal static class BadScripts
{
    public static readonly IReadOnlyDictionary<string, (string Script, string Code, int Line, string Message)> All = new SortedDictionary<string, (string, string, int, string)>(StringComparer.Ordinal)
    {
        ["endless_loop"] = ("var n = 1;\nwhile (true) ;", "rule_time_limit|rule_statement_limit", 2, "The script ran"),
        ["regular_expression"] = ("var n = 1;\n/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab');", "rule_time_limit", 2, "A regular expression took too long: it tries too many ways to match."),
        ["doubling_text"] = ("var s = 'x';\nwhile (true) s += s;", "rule_memory_limit", 2, "The script made a text of more than 1000000 characters."),
        ["huge_list"] = ("var a = new Array(1e9);\na.join();", "rule_memory_limit", 1, "The script made a list of more than 100000 elements."),
        ["recursion"] = ("function f() {\n  return f();\n}\nf();", "rule_recursion_limit", 2, "A function called itself more than 200 times."),
        ["prototype"] = ("\nArray.prototype.map = null;", "rule_error", 2, "map is built in and cannot be changed."),
        ["hidden_require"] = ("\nvar load = record.title ? require : null;", "rule_error", 2, "There is no 'require' in rules: a rule is one file and loads no other."),
        ["misspelt"] = ("\nrecrod.pages = 1;", "rule_error", 2, "There is no 'recrod': nothing of that name was made by the script before this line. Did you mean record?"),
        ["thrown_text"] = ("\nthrow 'No more paper.';", "rule_error", 2, "The script threw 'No more paper.'. To refuse the save, call fail with a sentence."),
        ["thrown_null"] = ("\nthrow null;", "rule_error", 2, "The script threw null. To refuse the save, call fail with a sentence."),
        ["caught_object"] = ("try {\n  throw { a: 1 };\n} catch (caught) {\n  throw new Error('caught ' + caught.a + Object.keys(caught).length);\n}", "rule_error", 4, "caught 11"),
        ["thrown_object"] = ("\nthrow { a: 1 };", "rule_error", 2, "The script threw an object without a message. To refuse the save, call fail with a sentence."),
        ["circular_value"] = ("var o = {}; o.self = o;\nrecord.extra = o;", "rule_recursion_limit", 2, "or contains itself"),
        ["circular_create"] = ("var o = {}; o.self = o;\ncreate('paper', { title: 'x', extra: o });", "rule_recursion_limit", 2, "or contains itself"),
        ["computed_field"] = ("var n = 4;\nrecord.double = n;", "rule_value", 2, "record.double is computed and cannot be set by a rule."),
        ["system_field"] = ("\nrecord.id = 'x';", "rule_value", 2, "record.id"),
        ["unknown_field"] = ("\nrecord['titel'] = 'x';", "rule_value", 2, "record.titel: paper has no such field. Did you mean title?"),
        ["division"] = ("\nrecord.pages = 1 / 0;", "rule_value", 2, "record.pages must be a number; it is infinite, as after a division by zero."),
        ["text_for_number"] = ("\nrecord.pages = 'many';", "rule_value", 2, "record.pages must be a number."),
        ["text_with_number"] = ("\nrecord.pages = record.title * 2;", "rule_value", 2, "record.pages must be a number; it is NaN, no number"),
        ["wide_query"] = ("var c = { pages: 1 }, o = []; for (var i = 0; i < 600; i++) o.push(c); query('paper', { where: { or: o } });", "rule_refused_elsewhere", 1, "A query may have 500 conditions."),
        ["long_list"] = ("var o = []; for (var i = 0; i < 3000; i++) o.push(i); query('paper', { where: { pages: o.concat(o) } });", "rule_refused_elsewhere", 1, "may have 5000 values together"),
        ["long_way"] = ("query('paper', { where: { 'a.b.c.d.e.f.g.h.title': 'x' } });", "rule_refused_elsewhere", 1, "leads through more than 7 lookups"),
        ["long_name"] = ("var s = 'x'; while (s.length < 500000) s += s; query(s);", "rule_refused_elsewhere", 1, "There is no entity xxx"),
        ["half_character"] = ("record.title = 'a\\ud800';", "rule_value", 1, "a character that cannot be stored"),
        ["half_in_json"] = ("record.extra = ['\\ud800'];", "rule_value", 1, "a character that cannot be stored"),
        ["half_elsewhere"] = ("create('paper', { title: 'a\\ud800' });", "rule_error", 1, "half of a character"),
    };

    public static PackageFiles Files()
    {
        var scripts = All.Select(one => (Name: one.Key, one.Value.Script)).Concat([(Name: "null_sum", Script: "record.pages = null + 5;"), (Name: "null_product", Script: "record.pages = null * 5;"),
            (Name: "zero_mail", Script: "mail({ to: 'a@example.com', subject: 'a\\u0000b', body: '\\u0000' }); record.pages = 1;")]).ToList();
        var rules = scripts.Select(one => $$"""{ "name": "{{one.Name}}", "on": ["create"], "when": "title == '{{one.Name}}'", "script": "{{one.Name}}.js" }""");
        var package = new PackageBuilder("papers").EntityJson($$"""
            { "name": "paper", "plural": "papers", "primary": "title",
              "fields": [ { "name": "title", "type": "text", "required": true }, { "name": "pages", "type": "integer" }, { "name": "extra", "type": "json" },
                          { "name": "double", "type": "integer", "formula": "pages * 2" }, { "name": "whole", "type": "lookup", "target": "paper" },
                          { "name": "parts_pages", "type": "integer", "rollup": { "entity": "paper", "via": "whole", "aggregate": "sum", "field": "pages" } },
                          { "name": "ratio", "type": "decimal", "precision": 18, "scale": 4, "formula": "10 / parts_pages" } ],
              "rules": [ {{string.Join(", ", rules)}} ] }
            """);
        foreach (var (name, script) in scripts) package.File($"rules/{name}.js", script);
        return package.Files();
    }
}

/// <summary>One server for all bad scripts: each must leave it well for the next.</summary>
public sealed class BadScriptApplication : IAsyncLifetime
{
    private TestApplication _app = null!;

    public TestClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("bad scripts", BadScripts.Files());
        Admin = await _app.ClientAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();
}
