using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>What somebody stores is a text and stays one, wherever it is shown; and the pages keep to the rules that the server sets for them.</summary>
[Collection(nameof(Workplace))]
public sealed class StoredScriptTests(Workplace workplace)
{
    // Would be seen by the picture that does not load, by the script that runs, and by the rule of the page that stops both.
    private const string Attack = "<img src=nowhere.png onerror=\"window.attacked=1\"><script>window.attacked=1</script><style>body{display:none}</style>\"'>{{7*7}}${7*7}";

    private static readonly string[] Labels = ["label", "pluralLabel", "description", "help", "message", "group"];

    [Fact]
    public async Task Pages_keep_to_the_rules_of_the_server()
    {
        var page = await workplace.OpenAsync();
        var refused = Watch(page);
        await Browser.WatchAsync(page, () => PageTour.EachAsync(page, () => AssertUntouchedAsync(page, refused)));
        var visitor = await workplace.Browser.OpenAsync(workplace.Server.Url);
        var refusedVisitor = Watch(visitor);
        await visitor.GotoAsync("/index.html");
        await Expect(visitor.GetByLabel("User name")).ToBeVisibleAsync();
        await AssertUntouchedAsync(visitor, refusedVisitor);
    }

    [Fact]
    public async Task Styles_that_are_smuggled_into_a_page_do_not_count()
    {
        var page = await workplace.Browser.OpenAsync(workplace.Server.Url);
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("User name")).ToBeVisibleAsync();
        var colour = await page.EvaluateAsync<string>("() => { document.body.insertAdjacentHTML('beforeend', '<style>body { color: rgb(1, 2, 3) }</style>'); return getComputedStyle(document.body).color; }");
        Assert.NotEqual("rgb(1, 2, 3)", colour);
    }

    [Fact]
    public async Task Labels_and_values_are_shown_as_they_are_written()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("xrm-hostile-").FullName, "hostile");
        Write(folder);
        await workplace.PublishAsync(folder);
        var page = await workplace.OpenAsync();
        var refused = Watch(page);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/account");
            var id = await CreateAsync(page);
            foreach (var path in new[] { "/hostile/hostiles", $"/hostile/hostiles/{id}", "/hostile/hostiles/new", "/administration/uses?entity=hostile&field=title", "/administration/audit", "/administration/rules", "/account" })
            {
                await page.GotoAsync(path);
                await Expect(page.Locator("main [aria-busy=true], main [class*=bone]")).ToHaveCountAsync(0);
                await AssertUntouchedAsync(page, refused);
            }
            await page.GotoAsync($"/hostile/hostiles/{id}");
            await Expect(page.Locator("main")).ToContainTextAsync("<img src=nowhere.png");
            await AssertUntouchedAsync(page, refused);
        });
    }

    private static List<string> Watch(IPage page)
    {
        var refused = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) refused.Add(message.Text);
        };
        return refused;
    }

    private static async Task AssertUntouchedAsync(IPage page, List<string> refused)
    {
        Assert.True(refused.Count == 0, $"{page.Url}: {string.Join('\n', refused)}");
        Assert.Equal(0, await page.Locator("img[src='nowhere.png']").CountAsync());
        Assert.False(await page.EvaluateAsync<bool>("() => 'attacked' in window"));
    }

    private static async Task<string> CreateAsync(IPage page)
    {
        var values = new JsonObject { ["title"] = Attack[..100], ["keywords"] = new JsonArray("<script>attacked</script>") };
        var answer = await page.EvaluateAsync<JsonElement>("async body => { const answer = await fetch('/api/data/hostiles', { method: 'POST', headers: { 'content-type': 'application/json' }, body }); return { status: answer.status, ...(await answer.json()) }; }", values.ToJsonString());
        Assert.True(answer.GetProperty("status").GetInt32() == 201, answer.ToString());
        return answer.GetProperty("id").GetString()!;
    }

    /// <summary>The package of specimens under another name, with an attack in each text that people see.</summary>
    private static void Write(string folder)
    {
        var source = Path.Combine(Repository.Root, "tests", "packages", "specimen");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file).Replace("specimen", "hostile", StringComparison.Ordinal);
            var target = Path.Combine(folder, Path.GetRelativePath(source, file).Replace("specimen", "hostile", StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, file.EndsWith(".json", StringComparison.Ordinal) ? Spoiled(text) : text);
        }
    }

    private static string Spoiled(string text)
    {
        var json = JsonNode.Parse(text)!;
        Spoil(json);
        return json.ToJsonString();
    }

    private static void Spoil(JsonNode? node)
    {
        if (node is JsonArray list) foreach (var item in list) Spoil(item);
        if (node is not JsonObject thing) return;
        foreach (var (name, value) in thing.ToList())
        {
            if (Labels.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var written)) thing[name] = $"{written} {Attack}";
            else Spoil(value);
        }
    }
}
