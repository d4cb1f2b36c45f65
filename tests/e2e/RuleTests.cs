using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>A rule put together by clicks, and what it does in a form.</summary>
[Collection(nameof(Workplace))]
public sealed class RuleTests(Workplace workplace)
{
    [Fact]
    public async Task Rule_that_is_built_by_clicks_helps_whoever_types_at_once()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/rules/build/specimen_sample");
            await page.GetByRole(AriaRole.Link, new() { Name = "New rule" }).ClickAsync();
            await page.GetByLabel("Name of the rule").FillAsync("Left edges");
            var when = page.GetByRole(AriaRole.Group, new() { Name = "When", Exact = true });
            await when.GetByRole(AriaRole.Button, new() { Name = "Add condition" }).ClickAsync();
            await when.GetByLabel("Value").FillAsync("left");
            await Expect(when.GetByText("name == 'left'")).ToBeVisibleAsync();
            var then = page.GetByRole(AriaRole.Group, new() { Name = "Then" });
            await then.GetByRole(AriaRole.Button, new() { Name = "Add action" }).ClickAsync();
            await ChooseAsync(page, then.GetByLabel("What happens"), "Tell");
            await then.GetByLabel("Message", new() { Exact = true }).FillAsync("Left of what?");
            await ChooseAsync(page, then.GetByLabel("Kind of message"), "Error: stops the save");
            await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Left edges" })).ToBeVisibleAsync();

            var refused = await page.EvaluateAsync<string>("""
                async () => { const answer = await fetch('/api/data/specimen_samples', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'left' }) }); return await answer.text(); }
                """);
            Assert.Contains("Left of what?", refused);
            await page.GetByRole(AriaRole.Link, new() { Name = "Left edges" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
            await Expect(page.GetByText("There are no rules yet.")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task Rule_of_a_package_shows_what_it_wants_while_one_types()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/contracts/new");
            await page.Locator("#field-title").FillAsync("Large");
            await page.GetByRole(AriaRole.Tab, new() { Name = "Lines and price" }).ClickAsync();
            await page.Locator("#field-value").FillAsync("100001");
            await page.Keyboard.PressAsync("Tab");
            var note = page.Locator("main li", new() { HasText = "Ask the legal department" });
            await Expect(note).ToBeVisibleAsync();
            await page.Locator("#field-value").FillAsync("5");
            await page.Keyboard.PressAsync("Tab");
            await Expect(note).ToHaveCountAsync(0);
        });
    }

    private static async Task ChooseAsync(IPage page, ILocator select, string option)
    {
        await select.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = option }).ClickAsync();
    }
}
