using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>A file of records, from the menu of a list to the list.</summary>
[Collection(nameof(Workplace))]
public sealed class ImportTests(Workplace workplace)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_file_is_tried_mended_and_imported(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/crm/accounts");
            await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await page.GetByRole(AriaRole.Menuitem, new() { Name = "Import…" }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Choose a file" })).ToBeFocusedAsync();
            await ChooseAsync(page, $"Name,Employees\nWoodpecker {width},12\nMagpie {width},many\n");
            await Expect(dialog.GetByText("1 record will be created. 1 record has mistakes.")).ToBeVisibleAsync();
            await Expect(dialog.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("3");
            await Hindrances.CheckAsync(page);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, "The page is wider than the screen.");
            var saved = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "Save as CSV" }).ClickAsync());
            Assert.Contains("Employees", await File.ReadAllTextAsync(await saved.PathAsync()), StringComparison.Ordinal);

            await ChooseAsync(page, $"Name,Employees\nWoodpecker {width},12\nMagpie {width},7\n");
            await Expect(dialog.GetByText("2 records will be created.")).ToBeVisibleAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
            await Expect(dialog.GetByText("2 records were created.")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();
            await Expect(dialog).ToHaveCountAsync(0);
            await page.GotoAsync($"/crm/accounts?q=Magpie%20{width}");
            await Expect(page.GetByText($"Magpie {width}").First).ToBeVisibleAsync();
        });
    }

    private static Task ChooseAsync(IPage page, string text) => page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "accounts.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
}
