using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>What the guide for newcomers promises, done step by step with the real command and a real browser.</summary>
public sealed partial class NewcomerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xrm-newcomer-");
    private RunningServer _server = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        _browser = await Browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Field_and_rule_of_a_newcomer_appear_everywhere_without_a_restart()
    {
        var page = await SignInAsync();
        await OpenNewContractAsync(page);
        await Expect(page.GetByLabel("Cost center", new() { Exact = true })).ToHaveCountAsync(0);

        var package = AddFieldAndRule();
        var (planCode, plan, _) = await _server.RunAsync("plan", package, "--check");
        Assert.Equal(2, planCode);
        Assert.Contains("cost_center", plan, StringComparison.Ordinal);
        var (code, output, error) = await _server.RunAsync("apply", package);
        Assert.True(code == 0, output + error);

        await SeeInApiAsync();
        await Browser.WatchAsync(page, () => SeeInFormAsync(page));
    }

    [Fact]
    public async Task Records_survive_a_killed_server_and_lists_fit_a_phone()
    {
        var page = await SignInAsync();
        await OpenNewContractAsync(page);
        await Browser.WatchAsync(page, async () =>
        {
            await FillContractAsync(page, "Survives a power cut");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(page).ToHaveURLAsync(RecordUrl());
        });

        await _server.KillAsync();
        await using var again = await RunningServer.StartAsync(_server.DataDirectory);
        Assert.Empty(again.OneTimePassword);
        var phone = await _browser.OpenAsync(again.Url, width: 375, height: 740);
        await Workplace.SignInAsync(phone, Workplace.Password);
        await phone.GotoAsync("/contracts/contracts?view=contract.drafts");
        await Expect(phone.GetByText("Survives a power cut").First).ToBeVisibleAsync();
        Assert.True(await phone.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 375);
    }

    private async Task<IPage> SignInAsync()
    {
        var page = await _browser.OpenAsync(_server.Url);
        await Workplace.FirstSignInAsync(page, _server.OneTimePassword);
        return page;
    }

    private static async Task OpenNewContractAsync(IPage page)
    {
        await page.GotoAsync("/contracts/contracts/new");
        await Expect(page.GetByLabel("Title")).ToBeVisibleAsync();
    }

    private static async Task FillContractAsync(IPage page, string title)
    {
        await page.GetByLabel("Title").FillAsync(title);
        var account = page.GetByLabel("Account").First;
        await account.FillAsync("Steinkamp");
        await page.GetByRole(AriaRole.Option, new() { Name = "Steinkamp" }).First.ClickAsync();
        await Expect(account).ToHaveValueAsync(new Regex("Steinkamp .+"));
        var date = page.GetByLabel("Starts on").First;
        await date.FillAsync("15/02/2027");
        await date.PressAsync("Tab");
    }

    /// <summary>Does to a copy of the package what docs/getting-started.md says.</summary>
    private string AddFieldAndRule()
    {
        var copy = Path.Combine(_folder.FullName, "contracts");
        foreach (var file in Directory.EnumerateFiles(Repository.Package("contracts"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Repository.Package("contracts"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        Change(Path.Combine(copy, "entities", "contract.json"), entity =>
        {
            entity["fields"]!.AsArray().Insert(2, JsonNode.Parse("""{ "name": "cost_center", "type": "text", "label": "Cost center", "maxLength": 12 }"""));
            entity["rules"]!.AsArray().Add(JsonNode.Parse("""{ "name": "cost_center", "on": ["create", "update"], "fields": ["cost_center"], "script": "contract.cost_center.js" }"""));
        });
        Change(Path.Combine(copy, "forms", "contract.main.json"), form => form["tabs"]![0]!["sections"]![0]!["fields"]!.AsArray().Add("cost_center"));
        File.WriteAllText(Path.Combine(copy, "rules", "contract.cost_center.js"), """
            if (record.cost_center) {
              record.cost_center = record.cost_center.toUpperCase();
              if (!/^[A-Z]{2}[0-9]{4}$/.test(record.cost_center)) {
                fail('cost_center', 'A cost center has two letters and four digits, such as AB1234.');
              }
            }

            """);
        return copy;
    }

    private static void Change(string file, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private async Task SeeInApiAsync()
    {
        var (code, token, error) = await _server.RunAsync("token", "create", "--name", "newcomer");
        Assert.True(code == 0, error);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        Assert.Contains("cost_center", await client.GetStringAsync("/api/openapi.json"), StringComparison.Ordinal);
        using var one = await client.GetAsync("/api/data/contracts?$select=title,cost_center&$filter=cost_center eq null&$top=1");
        Assert.Equal(HttpStatusCode.OK, one.StatusCode);
        var record = JsonNode.Parse(await one.Content.ReadAsStringAsync())!["value"]![0]!;
        using var refused = await client.PatchAsync($"/api/data/contracts/{record["id"]}", Json("""{ "cost_center": "wrong" }"""));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("two letters and four digits", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var accepted = await client.PatchAsync($"/api/data/contracts/{record["id"]}", Json("""{ "cost_center": "ab1234" }"""));
        Assert.Equal("AB1234", (string?)JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["cost_center"]);
    }

    private static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));

    /// <summary>The page was open all the time: the field comes by itself.</summary>
    private static async Task SeeInFormAsync(IPage page)
    {
        await OpenNewContractAsync(page);
        var field = page.GetByLabel("Cost center", new() { Exact = true });
        await Expect(field).ToBeVisibleAsync();
        await field.FillAsync("wrong");
        await FillContractAsync(page, "With a cost center");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("A cost center has two letters and four digits").First).ToBeVisibleAsync();
        await field.FillAsync("xy9876");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(RecordUrl());
        await Expect(page.GetByLabel("Cost center", new() { Exact = true })).ToHaveValueAsync("XY9876");
    }

    [GeneratedRegex("/contracts/contracts/[0-9a-f-]{36}")]
    private static partial Regex RecordUrl();
}
