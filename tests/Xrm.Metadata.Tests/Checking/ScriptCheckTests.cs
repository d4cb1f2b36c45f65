using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Checking;

public sealed class ScriptCheckTests
{
    private const string Source = "record.title = `x`;\n";

    [Theory]
    [InlineData("thing.a.ts", "", "script_not_built")]
    [InlineData("thing.a.ts", "var hand = 'written';\n", "script_not_built")]
    [InlineData("thing.a.ts", "made", "")]
    [InlineData("thing.a.ts", "made on Windows", "")]
    [InlineData("thing.a.ts", "changed", "script_not_built")]
    [InlineData("thing.a.js", "made", "script_of_source")]
    [InlineData("thing.b.ts", "made", "script_missing")]
    public void Compiled_scripts_fit_their_source(string named, string output, string codes)
    {
        var made = BuiltScript.Write("thing.a.ts", Source, "record.title = 'x';\n");
        var text = output switch
        {
            "made" => made,
            "made on Windows" => made.ReplaceLineEndings("\r\n"),
            "changed" => made + "more();\n",
            _ => output,
        };
        var entity = APackage.Entity("thing", more: $$""" "rules": [ { "name": "a", "on": ["create"], "script": "{{named}}" } ] """);
        (string, string)[] files = [entity, ("rules/thing.a.ts", Source), .. text.Length > 0 ? new[] { ("rules/thing.a.js", text) } : []];
        Assert.Equal(codes, string.Join(' ', APackage.Problems(APackage.Of(files)).Select(problem => problem.Code)));
    }

    [Fact]
    public void Declarations_and_folders_are_no_scripts() => Assert.Equal(
        ["rules/sub/a.ts file_unknown", "rules/types.d.ts file_unknown"],
        APackage.Problems(APackage.Of(("rules/types.d.ts", ""), ("rules/sub/a.ts", ""))).Select(problem => $"{problem.Location.File} {problem.Code}").Order());

    [Theory]
    [InlineData("thing.form.js", "")]
    [InlineData("thing.from.js", "script_missing")]
    [InlineData("thing.a.ts", "")]
    [InlineData("thing.b.ts", "script_not_built")]
    [InlineData("thing.a.js", "script_of_source")]
    public void Scripts_of_forms_are_there_and_fit_their_source(string named, string codes)
    {
        var problems = APackage.Problems(APackage.Of(APackage.Entity("thing", more: $$""" "formScript": "{{named}}" """),
            ("rules/thing.form.js", "onLoad(async () => {});"), ("rules/thing.a.ts", Source), ("rules/thing.a.js", BuiltScript.Write("thing.a.ts", Source, "record.title = 'x';\n")), ("rules/thing.b.ts", Source)));
        Assert.Equal(codes, string.Join(' ', problems.Select(problem => problem.Code)));
        Assert.All(problems, problem => Assert.Equal("$.formScript", problem.Location.Path));
    }

    [Fact]
    public void Forms_get_what_was_compiled()
    {
        var built = BuiltScript.Write("thing.a.ts", Source, "record.title = 'x';\n");
        var model = APackage.Model(APackage.Of(APackage.Entity("thing", more: """ "formScript": "thing.a.ts" """), ("rules/thing.a.ts", Source), ("rules/thing.a.js", built)));
        var script = Assert.Single(model.FindEntity("thing")!.FormScripts);
        Assert.Equal(("thing.a.ts", built, "rules/thing.a.ts"), (script.Name, script.Text, script.Location.File));
    }

    [Fact]
    public void Scripts_of_forms_of_extensions_come_after_the_owners()
    {
        var more = APackage.Named("more",
            ("manifest.json", """{ "formatVersion": 1, "name": "more", "version": "1.0.0", "dependsOn": { "sample": "^1.0" } }"""),
            ("extensions/thing.json", """{ "entity": "thing", "formScript": "more.js" }"""), ("rules/more.js", "// more"));
        var model = APackage.Model(APackage.Of(APackage.Entity("thing", more: """ "formScript": "own.js" """), ("rules/own.js", "// own")), more);
        Assert.Equal(["own.js // own", "more.js // more"], model.FindEntity("thing")!.FormScripts.Select(script => $"{script.Name} {script.Text}"));
    }
}
