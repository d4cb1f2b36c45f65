using System.Text;
using System.Text.Json;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Scripting;
using Xrm.Server.Features.Scripts;
using Xrm.Server.Hosting;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Scripts;

public sealed class ScriptBuildTests : IDisposable
{
    private const string Output = "rules/thing.check00.js";
    private readonly ScriptEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    private static readonly (string Source, string Note)[] Modern =
    [
        ("const { title, count } = record; record.note = `${title} x${count}`;", "Desk x3"),
        ("const add = (a: number, b = 10, ...more: number[]) => [...more, a, b].reduce((sum, next) => sum + next, 0); record.note = String(add(1) + add(1, 2, 3));", "17"),
        ("const base = { a: 1, b: 2 }; const { a, ...rest } = { ...base, c: 3 }; record.note = JSON.stringify([a, rest]);", "[1,{\"b\":2,\"c\":3}]"),
        ("class Animal { legs = 4; constructor(public name: string) {} says() { return `${this.name} ${this.legs}`; } }\nclass Bird extends Animal { legs = 2; static kind = 'bird'; says() { return super.says() + ' ' + Bird.kind; } }\nrecord.note = new Bird('Ara').says();", "Ara 2 bird"),
        ("let text = ''; for (const letter of ['a', 'b', 'c']) text += letter; for (const [key, value] of Object.entries({ x: 1 })) text += key + value; record.note = text;", "abcx1"),
        ("const deep: { a?: { b: string } } | null = JSON.parse('{}'); record.note = deep?.a?.b ?? 'none';", "none"),
        ("const calls: (() => number)[] = []; for (let i = 0; i < 3; i++) calls.push(() => i); record.note = calls.map(call => call()).join();", "0,1,2"),
        ("enum Size { Small, Large } record.note = Size[Size.Large]; if (record.note) return; record.note = 'never';", "Large"),
        ("const tag = (parts: TemplateStringsArray, ...values: unknown[]) => parts.raw.join('|') + values.join(); record.note = tag`a${1}b${2}c`;", "a|b|c1,2"),
        ("const key = 'k'; record.note = Object.keys({ [key + 1]: 1, short() { return 2; } }).join() + 2 ** 3;", "k1,short8"),
        ("function first(list, otherwise) { const [head = otherwise] = list; return head; } record.note = first([], 'x') + first(['y'], 'x');", "xy"),
        ("const open = query('thing', { where: { status: ['open', null], count: { ge: 3 }, 'owner.title': 'x', or: [{ title: 'a' }] }, orderBy: 'count desc' }); record.note = open.map(thing => thing.title).join() + (get('thing', user.id)?.title ?? 'no');", "no"),
        ("try { throw new TypeError('bad'); } catch { record.note = 'caught'; }", "caught"),
        ("record.status = 'closed'; record.due = now; record.note = [[1], [2, 3]].flat().at(-1) + ' a '.trimStart() + 'x-y-z'.replaceAll('-', '+') + Object.fromEntries([['q', 5]]).q;", "3a x+y+z5"),
    ];

    private static readonly (string Source, string First)[] Mistaken =
    [
        ("record.titel = 'x';", "1:8 Property 'titel' does not exist on type 'ThingRecord'. Did you mean 'title'?"),
        ("let a = 1;\nrecord.status = 'clsoed';", "2:1 Type '\"clsoed\"' is not assignable to type '\"open\" | \"closed\" | null'. Did you mean '\"closed\"'?"),
        ("record.count = record.due;", "1:1 Type 'string | null' is not assignable to type 'number | null'. Type 'string' is not assignable to type 'number'."),
        ("record.twice = 3;", "1:8 Cannot assign to 'twice' because it is a read-only property."),
        ("const n = record.count + 1;", "1:11 'record.count' is possibly 'null'."),
        ("fail('tilte', 'No.');", "1:6 Argument of type '\"tilte\"' is not assignable to parameter of type 'RecordField'."),
        ("query('thing', { where: { stauts: 'open' } });", "1:27 Object literal may only specify known properties, but 'stauts' does not exist in type 'Where<\"thing\">'. Did you mean to write 'status'?"),
        ("update('thign', 'x', {});", "1:8 Argument of type '\"thign\"' is not assignable to parameter of type '\"thing\"'."),
        ("window.alert('x');", "1:1 Cannot find name 'window'."),
        ("if (record.title) {\n  fail('no'\n}", "3:1 ',' expected."),
        ("const p = new Promise(() => 1);", "1:15 Cannot find name 'Promise'. Scripts of rules do not have it."),
        ("async function f() { await f(); }", "1:1 async is not available in rules: a rule runs inside a save, and every function that it can call answers at once."),
        ("function* g() { yield 1; }", "1:1 Generator functions are not available in rules: put the values into a list instead."),
        ("import { x } from './x';", "1:1 import and export are not available in rules: a rule is one file."),
        ("class A { get b() { return 1; } }", "1:11 get and set accessors are not available in rules: write a method."),
    ];

    [Fact]
    public async Task Modern_scripts_run_in_the_sandbox()
    {
        var (set, result) = await BuildAsync([.. Modern.Select(one => one.Source)]);
        Assert.Equal([], result.Problems.Select(problem => problem.ToString()));
        var user = new ScriptUser(Guid.NewGuid(), "ada", "Ada", []);
        var values = new Dictionary<string, object?> { ["title"] = "Desk", ["count"] = 3L, ["note"] = null, ["due"] = null, ["status"] = null };
        foreach (var (rule, output, expected) in set.Compile().Model!.FindEntity("thing")!.Rules.Zip(result.Outputs, Modern))
        {
            var outcome = await _engine.RunAsync(rule.Script! with { Text = output.Text }, new ScriptCall(values, null, user, new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc), new NoHost()), CancellationToken.None);
            Assert.Equal((expected.Source, expected.Note), (expected.Source, outcome.Changes.GetValueOrDefault("note")));
        }
    }

    [Fact]
    public async Task Mistakes_are_told_with_line_and_column()
    {
        var (_, result) = await BuildAsync([.. Mistaken.Select(one => one.Source)]);
        Assert.Empty(result.Outputs);
        var first = result.Problems.GroupBy(problem => problem.Location.File).ToDictionary(file => file.Key, file => file.First());
        Assert.Equal(Mistaken.Select(one => one.First),
            Mistaken.Select((_, index) => first[File(index)]).Select(problem => $"{problem.Location.Line}:{problem.Location.Path.Split(' ')[1]} {problem.Message}"));
    }

    [Theory]
    [InlineData("record.note = `${parameters.size} ${parameters.by + 1} ${parameters.day.slice(0, 4)} ${parameters.to ?? 'none'} ${parameters.loud === true}`;", "")]
    [InlineData("record.note = parameters.sise;", "1:26 Property 'sise' does not exist on type 'ActionParameters'.")]
    [InlineData("if (parameters.size === 'lagre') return;", "1:5 This comparison appears to be unintentional because the types '\"small\" | \"large\"' and '\"lagre\"' have no overlap.")]
    [InlineData("record.count = parameters.size;", "1:1 Type '\"small\" | \"large\"' is not assignable to type 'number | null'. Type 'string' is not assignable to type 'number'.")]
    [InlineData("record.note = parameters.to.trim();", "1:15 'parameters.to' is possibly 'null'.")]
    [InlineData("parameters.by = 3;", "1:12 Cannot assign to 'by' because it is a read-only property.")]
    public async Task Parameters_are_those_of_the_action(string source, string first) =>
        Assert.Equal(first, First(await BuildAsync(Acting(source, Resize))));

    [Theory]
    [InlineData("const by: number | string | null | undefined = parameters.by; const to: string | null | undefined = parameters.to; record.note = `${by}${to}`;", "")]
    [InlineData("record.note = parameters.size;", "1:1 Type '\"small\" | \"large\" | undefined' is not assignable to type 'string | null'. Type 'undefined' is not assignable to type 'string | null'.")]
    [InlineData("record.note = parameters.other ?? null;", "")]
    public async Task Actions_that_share_a_script_share_their_parameters(string source, string first) =>
        Assert.Equal(first, First(await BuildAsync(Acting(source, Resize, """{ "name": "other", "type": "text", "required": true }, { "name": "by", "type": "text" }"""))));

    [Fact]
    public async Task Errors_of_a_run_name_the_line_of_the_source()
    {
        var source = """
            interface Step { name: string }

            class Plan {
              steps: Step[] = [];
              add(name: string) { this.steps.push({ name }); return this; }
              last() {
                if (this.steps.length > 1) throw new Error(`Too many: ${this.steps.length}`);
                return this.steps.at(-1);
              }
            }
            record.note = new Plan().add('a')
              .add('b').last()?.name ?? null;
            """;
        await using var app = await TestApplication.StartAsync("scripts", await BuiltAsync(source));
        var answer = await (await app.ClientAsync()).PostAsync("/api/data/things", """{ "title": "Desk" }""");
        Assert.Equal(422, answer.Status);
        Assert.Contains("line 7 of rules/thing.check00.ts: Too many: 2", answer["detail"]);
    }

    [Theory]
    [InlineData("onChange('title', async () => { const other = await get('thing', record.title ?? ''); form.limit('status', ['open']); if (other?.count) record.note = `${other.count}`; });", "")]
    [InlineData("onSave(() => { for (const [name, times] of new Map([['a', 1]])) fail('title', name + times); });", "")]
    [InlineData("type Told = string;\n\nonLoad(() => { record.titel = 'x'; });", "3:23 Property 'titel' does not exist on type 'InForm<ThingRecord>'. Did you mean 'title'?")]
    [InlineData("onLoad(async () => { const other = await get('thing', 'x'); form.info(other.title); });", "1:71 'other' is possibly 'null'.")]
    [InlineData("onChange('tilte', () => {});", "1:10 Argument of type '\"tilte\"' is not assignable to parameter of type 'RecordField | readonly RecordField[]'.")]
    [InlineData("onLoad(() => { document.title = mail({}); });", "1:16 Cannot find name 'document'. Scripts of forms do not have it.")]
    [InlineData("import x from 'y';", "1:1 import and export are not available: a script is one file.")]
    public async Task Scripts_of_forms_are_checked_against_what_forms_have(string source, string first)
    {
        var files = new PackageBuilder("work").EntityWith("thing", """ "formScript": "thing.form.ts" """,
            """{ "name": "count", "type": "integer" }""", """{ "name": "note", "type": "text" }""", """{ "name": "status", "type": "choice", "options": [{ "value": "open" }] }""")
            .File("rules/thing.form.ts", source).Files();
        var set = await PackageSet.ReadAsync(["/work"], _ => Task.FromResult(files));
        var result = await new ScriptBuild(Compiler(), _engine).RunAsync(set, CancellationToken.None);
        var problem = result.Problems.FirstOrDefault();
        Assert.Equal(first, problem is null ? "" : $"{problem.Location.Line}:{problem.Location.Path.Split(' ')[1]} {problem.Message}");
        if (first.Length > 0) return;
        var output = Assert.Single(result.Outputs).Text;
        Assert.True(BuiltScript.Fits("thing.form.ts", source, output));
        Assert.Contains("=>", output);
    }

    [Theory]
    [InlineData("const a = 1;\nonLoad(() => { record.title = ; });", 2)]
    [InlineData("onLoad(async () => { await get('thing', record.id) });\nclass A { #secret = 1; static { this.b ??= 2n; } }\nif (record?.title) return;", 0)]
    [InlineData("export default 1;", 1)]
    public async Task Scripts_of_forms_that_browsers_cannot_read_are_not_published(string source, int line)
    {
        await using var app = await TestApplication.StartAsync("scripts", await BuiltAsync("record.note = `x`;"));
        var files = new PackageBuilder("work").EntityWith("thing", """ "formScript": "thing.form.js" """).File("rules/thing.form.js", source).Files();
        var answer = await (await app.ClientAsync()).PostAsync("/api/metadata/plan", Body(files));
        var problems = answer.Json.GetProperty("problems").EnumerateArray().Where(problem => problem.GetProperty("code").GetString() == "rule_syntax").ToList();
        Assert.Equal(line > 0 ? [$"rules/thing.form.js:{line}"] : [], problems.Select(problem => problem.GetProperty("location")).Select(at => $"{at.GetProperty("file")}:{at.GetProperty("line")}"));
    }

    [Fact]
    public async Task Editors_are_told_which_scripts_there_are_and_what_they_are_checked_against()
    {
        await using var app = await TestApplication.StartAsync("scripts", await BuiltAsync("record.note = `x`;"));
        var admin = await app.ClientAsync();
        Assert.Equal("""[{"package":"work","file":"thing.check00.ts","uses":[{"kind":"rule","entity":"thing","name":"check0","canBeTried":true}]}]""", (await admin.GetAsync("/api/metadata/scripts")).Json.GetRawText());
        var inputs = (await admin.GetAsync("/api/metadata/scripts/inputs?kind=form&entity=thing")).Json;
        Assert.True(inputs.TryGetProperty("libraries", out _), inputs.GetRawText());
        Assert.Equal(["form.d.ts", "entities.d.ts"], inputs.GetProperty("libraries").EnumerateArray().Select(library => library.GetProperty("name").GetString()));
        Assert.Contains("declare const record: InForm<ThingRecord>;", Assert.Single(inputs.GetProperty("contexts").EnumerateArray()).GetString());
        Assert.Equal("kind unknown", (await admin.GetAsync("/api/metadata/scripts/inputs?kind=other")).Errors);
        Assert.Equal("entity unknown", (await admin.GetAsync("/api/metadata/scripts/inputs?kind=rule&entity=thin")).Errors);
        Assert.Equal(403, (await (await app.ClientAsync("seller")).GetAsync("/api/metadata/scripts")).Status);
    }

    [Fact]
    public async Task Editors_and_declarations_have_the_parameters_of_actions()
    {
        await using var app = await TestApplication.StartAsync("scripts", await BuiltAsync("record.note = `x`;"));
        var admin = await app.ClientAsync();
        var published = await admin.PostAsync("/api/metadata/publish", Body(Thing("").File("rules/act.js", "record.note = parameters.size;").File("actions/act0.json", Action(0, "act.js", Resize)).Files()));
        Assert.True(published.Status == 200, published.Json.GetRawText());
        var inputs = (await admin.GetAsync("/api/metadata/scripts/inputs?kind=rule&entity=thing&action=act0")).Json;
        var contexts = inputs.GetProperty("contexts").EnumerateArray().Select(context => context.GetString()!).ToList();
        Assert.Equal(2, contexts.Count);
        Assert.Contains("  readonly [name: string]: any;", contexts[0]);
        Assert.Contains("declare const record: ThingRecord;", contexts[1]);
        Assert.Contains("  /** Size (choice). */\n  readonly size: \"small\" | \"large\";\n", contexts[1]);
        Assert.Contains(contexts[1], await admin.Http.GetStringAsync("/api/metadata/types.d.ts?action=act0"));
        Assert.Equal("action unknown", (await admin.GetAsync("/api/metadata/scripts/inputs?kind=rule&action=act")).Errors);
        Assert.Equal("action unknown", (await admin.GetAsync("/api/metadata/types.d.ts?action=act")).Errors);
    }

    [Fact]
    public async Task Scripts_that_were_not_compiled_are_refused_with_what_to_do()
    {
        var source = "record.note = `x`;";
        var built = await BuiltAsync(source);
        await using var app = await TestApplication.StartAsync("scripts", built);
        var admin = await app.ClientAsync();
        PackageFiles[] wrong =
        [
            Package(source),
            built with { Content = built.Content.SetItem(File(0), [.. Encoding.UTF8.GetBytes("record.note = `y`;")]) },
            built with { Content = built.Content.SetItem(Output, [.. built.Content[Output], .. "// more\n"u8]) },
        ];
        foreach (var package in wrong)
        {
            var answer = await admin.PostAsync("/api/metadata/publish", Body(package));
            var problem = Assert.Single(answer.Json.GetProperty("plan").GetProperty("problems").EnumerateArray());
            Assert.Equal("script_not_built", problem.GetProperty("code").GetString());
            Assert.Equal("Run xrm build with the folder of work.", problem.GetProperty("remedy").GetString());
        }
    }

    [Fact]
    public async Task Delivered_packages_are_compiled()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "metadata", "packages"));
        var set = await PackageSet.ReadAsync(folders, folder => PackageReader.ReadAsync(folder, CancellationToken.None));
        var result = await new ScriptBuild(Compiler(), _engine).RunAsync(set, CancellationToken.None);
        Assert.Empty(result.Problems);
        Assert.NotEmpty(result.Outputs);
        foreach (var output in result.Outputs) Assert.Equal(output.Text, set.Packages[output.Package].Scripts[output.File]);
    }

    [Fact]
    public async Task Declarations_are_served_to_administrators()
    {
        await using var app = await TestApplication.StartAsync("scripts", await BuiltAsync("record.note = `x`;"));
        var admin = await app.ClientAsync();
        var text = await admin.Http.GetStringAsync("/api/metadata/types.d.ts?entity=thing");
        Assert.Contains("declare const record: ThingRecord;", text);
        Assert.Contains("status: \"open\" | \"closed\" | null;", text);
        Assert.Contains("declare function addDays(", text);
        Assert.Equal("entity unknown", (await admin.GetAsync("/api/metadata/types.d.ts?entity=thin")).Errors);
        Assert.Equal(403, (await (await app.ClientAsync("seller")).GetAsync("/api/metadata/types.d.ts")).Status);
    }

    private const string Resize = """
        { "name": "size", "type": "choice", "required": true, "options": [{ "value": "small" }, { "value": "large" }] }, { "name": "by", "type": "integer", "default": 1 },
        { "name": "day", "type": "date", "required": true }, { "name": "to", "type": "lookup", "target": "thing" }, { "name": "loud", "type": "boolean" }
        """;

    private static PackageBuilder Acting(string source, params string[] parameters)
    {
        var package = Thing("").File("rules/act.ts", source);
        for (var index = 0; index < parameters.Length; index++) package.File($"actions/act{index}.json", Action(index, "act.ts", parameters[index]));
        return package;
    }

    private static string Action(int index, string script, string parameters) => $$"""{ "name": "act{{index}}", "entity": "thing", "script": "{{script}}", "parameters": [ {{parameters}} ] }""";

    private static string First(ScriptBuildResult result) =>
        result.Problems is [var problem, ..] ? $"{problem.Location.Line}:{problem.Location.Path.Split(' ')[1]} {problem.Message}" : "";

    private static async Task<ScriptBuildResult> BuildAsync(PackageBuilder package)
    {
        var set = await PackageSet.ReadAsync(["/work"], _ => Task.FromResult(package.Files()));
        using var engine = new ScriptEngine();
        return await new ScriptBuild(Compiler(), engine).RunAsync(set, CancellationToken.None);
    }

    private static ScriptCompiler Compiler() => new(new Installation(Repository.Root));

    private static string File(int index) => $"rules/thing.check{index:00}.ts";

    private static async Task<(PackageSet Set, ScriptBuildResult Result)> BuildAsync(params string[] sources)
    {
        var set = await PackageSet.ReadAsync(["/work"], _ => Task.FromResult(Package(sources)));
        using var engine = new ScriptEngine();
        return (set, await new ScriptBuild(Compiler(), engine).RunAsync(set, CancellationToken.None));
    }

    private static async Task<PackageFiles> BuiltAsync(string source)
    {
        var (_, result) = await BuildAsync(source);
        var package = Package(source);
        return package with { Content = package.Content.Add(Output, [.. Encoding.UTF8.GetBytes(Assert.Single(result.Outputs).Text)]) };
    }

    private static PackageFiles Package(params string[] sources)
    {
        var rules = sources.Select((_, index) => $$"""{ "name": "check{{index}}", "on": ["create"], "script": "{{File(index)["rules/".Length..]}}" }""");
        var package = Thing(string.Join(", ", rules));
        for (var index = 0; index < sources.Length; index++) package.File(File(index), sources[index]);
        return package.Files();
    }

    private static PackageBuilder Thing(string rules) => new PackageBuilder("work").EntityWith("thing", $""" "rules": [ {rules} ] """,
        """{ "name": "count", "type": "integer" }""", """{ "name": "note", "type": "text" }""", """{ "name": "due", "type": "date" }""",
        """{ "name": "twice", "type": "integer", "formula": "count * 2" }""",
        """{ "name": "status", "type": "choice", "options": [{ "value": "open" }, { "value": "closed" }] }""");

    private static string Body(PackageFiles package) => JsonSerializer.Serialize(new
    {
        packages = new[] { new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) } },
    });
}
