using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>Computed fields that ask for computed fields: what grows with each of them is refused before it is published, and all that is published can be read and saved.</summary>
public sealed class FormulaSizeTests
{
    private const string Remedy = "Ask for each computed field once, and for fewer of them. Those that ask only for values of their own record are stored, and count as one value.";

    [Fact]
    public async Task Fields_that_double_with_each_other_are_refused_with_the_way_that_led_there()
    {
        var (at, message, remedy) = Assert.Single(await ProblemsAsync(Chain(30, n => $"f{n} + f{n}")));
        Assert.Equal("$.fields[14].formula", at);
        Assert.Equal("link.f10 becomes too large: with the formulas of the computed fields that it asks for, it asks for 3072 values, more than 2000. It asks for link.f9, which asks for link.f8, which asks for link.f7, which asks for link.f6, which asks for link.f5, and so on.", message);
        Assert.Equal(Remedy, remedy);
    }

    [Fact]
    public async Task Fields_that_ask_for_each_other_too_many_times_in_a_row_are_refused() =>
        Assert.StartsWith("link.f40 becomes too large: 41 computed fields ask for one another, more than 40. It asks for link.f39,", Assert.Single(await ProblemsAsync(Chain(45, n => $"f{n} + 1"))).Message);

    [Fact]
    public async Task Rollups_of_formulas_of_rollups_are_refused_too()
    {
        string[] fields = [.. Enumerable.Range(0, 12).SelectMany(n => new[]
        {
            $$"""{ "name": "r{{n}}", "type": "decimal", "rollup": { "entity": "link", "via": "parent", "aggregate": "sum", "field": "{{(n == 0 ? "a" : $"f{n - 1}")}}", "stored": false } }""",
            $$"""{ "name": "f{{n}}", "type": "decimal", "formula": "r{{n}} + r{{n}}" }""",
        })];
        Assert.StartsWith("link.f9 becomes too large: with the formulas of the computed fields that it asks for, it asks for 3070 values, more than 2000. It asks for link.r9, which asks for link.f8,", Assert.Single(await ProblemsAsync(fields)).Message);
    }

    [Fact]
    public async Task Conditions_that_ask_for_too_much_are_refused()
    {
        string[] fields = [.. Chain(9, n => $"f{n} + f{n}"), """{ "name": "note", "type": "text", "required": "f9 > 1 && f9 < 7" }"""];
        Assert.StartsWith("The formula becomes too large:", Assert.Single(await ProblemsAsync(fields)).Message);
    }

    [Fact]
    public async Task Long_chains_and_long_formulas_are_read_sorted_and_saved()
    {
        var count = string.Concat(Enumerable.Repeat("number(text(", 25)) + "parent.a" + string.Concat(Enumerable.Repeat("))", 25));
        await using var app = await TestApplication.StartAsync("chains", Links(
        [
            .. Chain(38, n => $"f{n} + 1"), $$"""{ "name": "long", "type": "decimal", "formula": "parent.a{{string.Concat(Enumerable.Repeat("+a", 1900))}}" }""",
            $$"""{ "name": "nested", "type": "decimal", "formula": "{{count}}" }""",
            $$"""{ "name": "grown", "type": "integer", "formula": "len({{string.Concat(Enumerable.Repeat("replace(", 30))}}title{{string.Concat(Enumerable.Repeat(", 'a', 'aaaaaaaaaa')", 30))}})" }""",
        ]));
        var client = await app.ClientAsync();
        var parent = await client.CreateAsync("links", """{ "title": "P", "a": 1, "b": 2 }""");
        var child = await client.PostAsync("/api/data/links", $$"""{ "title": "aaaa", "a": 1, "b": 2, "parent_id": "{{parent}}" }""");
        string?[] expected = ["3.00", "41.00", "1901.00", "1.00", "0"];
        Assert.Equal(expected, Shown(child.Json));
        var list = await client.GetAsync("/api/data/links?$filter=f38 gt 40 and long gt 0 and nested eq 1&$orderby=f38,long,nested,grown");
        Assert.Equal(expected, Shown(Assert.Single(list.Json.GetProperty("value").EnumerateArray().ToArray())));
    }

    private static string?[] Shown(JsonElement record) => [.. new[] { "f0", "f38", "long", "nested", "grown" }.Select(name => record.GetProperty(name).ToString())];

    private static string[] Chain(int length, Func<int, string> next) =>
        ["""{ "name": "f0", "type": "decimal", "formula": "parent.a + b" }""", .. Enumerable.Range(0, length).Select(n => $$"""{ "name": "f{{n + 1}}", "type": "decimal", "formula": "{{next(n)}}" }""")];

    private static PackageFiles Links(string[] fields) => new PackageBuilder("chains")
        .Entity("link", ["""{ "name": "parent", "type": "lookup", "target": "link" }""", """{ "name": "a", "type": "decimal" }""", """{ "name": "b", "type": "decimal" }""", .. fields]).Files();

    private static async Task<(string At, string? Message, string? Remedy)[]> ProblemsAsync(string[] fields)
    {
        await using var app = await TestApplication.StartAsync("unchained", Links([]));
        var plan = await (await app.ClientAsync()).PostAsync("/api/metadata/plan", TestedPackage.Body(Links(fields)));
        return [.. plan.Json.GetProperty("problems").EnumerateArray().Select(problem =>
            (problem.GetProperty("location").GetProperty("path").GetString()!, problem.GetProperty("message").GetString(), problem.GetProperty("remedy").GetString()))];
    }
}
