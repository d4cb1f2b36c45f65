using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>Search and commands: the way from anywhere to a record, a list, a new record, an action.</summary>
[Collection(nameof(Workplace))]
public sealed class SearchTests(Workplace workplace)
{
    private static readonly AriaRole Box = AriaRole.Combobox;

    [Fact]
    public async Task Records_lists_and_new_records_are_reached_by_keyboard_alone()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            var name = "Quince <script>document.title='run'</script>";
            await page.GotoAsync("/crm/accounts");
            await CreateAccountAsync(page, name);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Search" })).ToBeVisibleAsync();

            await page.Keyboard.PressAsync("Control+k");
            var box = page.GetByRole(Box, new() { Name = "Search and commands" });
            await Expect(box).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("quince");
            var hit = page.GetByRole(AriaRole.Group, new() { Name = "Records" }).GetByRole(AriaRole.Option).First;
            await Expect(hit).ToContainTextAsync(name);
            await Expect(hit).ToHaveAttributeAsync("aria-selected", "true");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
            await Expect(page).Not.ToHaveTitleAsync("run");

            await OpenByAsync(page, "ending soon");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("view=contract\\.ending"));

            // Above the commands stands what was opened last.
            await page.Keyboard.PressAsync("Control+k");
            await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Opened last" }).GetByRole(AriaRole.Option).First).ToContainTextAsync(name);
            await page.Keyboard.PressAsync("Escape");
            await Expect(box).ToHaveCountAsync(0);

            await OpenByAsync(page, "new: contact");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/contacts/new$"));
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Search_hinders_nobody_and_says_where_nothing_fits(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/crm/accounts");
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Search") }).First.ClickAsync();
            var box = page.GetByRole(Box, new() { Name = "Search and commands" });
            await Expect(box).ToBeFocusedAsync();
            await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await box.FillAsync("contract");
            await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Go to" })).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await box.FillAsync("qqqqzzzz");
            await Expect(page.GetByText("Nothing fits “qqqqzzzz”")).ToBeVisibleAsync();
        });
    }

    private static async Task OpenByAsync(IPage page, string typed)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(Box, new() { Name = "Search and commands" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(typed);
        await Expect(page.GetByRole(AriaRole.Option, new() { NameRegex = new(typed, System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).First).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task CreateAccountAsync(IPage page, string name)
    {
        var status = await page.EvaluateAsync<int>("""
            async (name) => (await fetch('/api/data/accounts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) })).status
            """, name);
        Assert.Equal(201, status);
    }
}
