using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>A script written in the browser, and what it does in a form.</summary>
[Collection(nameof(Workplace))]
public sealed class ScriptEditorTests(Workplace workplace)
{
    [Fact]
    public async Task Script_that_is_written_in_the_browser_acts_when_a_record_is_saved()
    {
        var page = await workplace.OpenAsync();
        var refused = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) refused.Add(message.Text);
        };
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/scripts");
            await page.GetByRole(AriaRole.Button, new() { Name = "New script" }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Kind of record").FillAsync("Specimen");
            await page.GetByRole(AriaRole.Option, new() { Name = "Specimen", Exact = true }).ClickAsync();
            await dialog.GetByLabel("Name").FillAsync("Speak up");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Write it" }).ClickAsync();

            await Editors.WriteAsync(page, "// Nobody is heard.\nconst title = record.titel;\n");
            var mistake = page.GetByRole(AriaRole.Button, new() { Name = "Line 2: Property 'titel' does not exist" });
            await Expect(mistake).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Control+s");
            await Expect(page.GetByText("Nothing was published: correct the mistakes first.")).ToBeVisibleAsync();

            // What was written is there again when the page is.
            await page.ReloadAsync();
            await Expect(mistake).ToBeVisibleAsync();
            await Editors.WriteAsync(page, "const loud = (text: string) => `${text.toUpperCase()}!`;\nif (record.title === 'whisper') record.title = loud(record.title);\n");
            await Expect(page.GetByText("No mistakes.")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Control+s");
            await Expect(page.GetByText("specimen.speak_up.ts is in force.")).ToBeVisibleAsync();
            await Expect(page.GetByText("Not published yet")).ToHaveCountAsync(0);

            await page.GotoAsync("/specimen/specimens/new");
            await page.Locator("#field-title").FillAsync("whisper");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Expect(page.Locator("#field-title")).ToHaveValueAsync("WHISPER!");
        });
        Assert.Empty(refused);
    }

    [Fact]
    public async Task Tab_leaves_the_editor_when_it_is_told_to()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/scripts/contracts?file=contract.pricing.ts");
            await Expect(page.GetByText("No mistakes.")).ToBeVisibleAsync();
            await Editors.Only(page).FocusAsync();
            await Expect(Editors.Only(page)).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Control+m");
            await page.Keyboard.PressAsync("Tab");
            await Expect(Editors.Only(page)).Not.ToBeFocusedAsync();
            await Expect(page.GetByText("Not published yet")).ToHaveCountAsync(0);
        });
    }
}
