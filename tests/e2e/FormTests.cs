using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>Records edited by a person in a browser.</summary>
[Collection(nameof(Workplace))]
public sealed partial class FormTests(Workplace workplace)
{
    [Fact]
    public async Task Mistake_found_by_the_server_is_shown_at_its_field_which_gets_the_cursor()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await OpenNewSpecimenAsync(page, "Quartz");
            await page.GetByLabel("Kind").First.ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = "Rock" }).ClickAsync();
            var pieces = page.GetByLabel("Pieces");
            await pieces.FillAsync("500");
            await SaveAsync(page);
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("A rock comes in at most 100 pieces.");
            await Expect(pieces).ToBeFocusedAsync();
            await Expect(pieces).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(pieces).ToHaveAccessibleDescriptionAsync(new Regex("at most 100 pieces"));
            await pieces.FillAsync("50");
            await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
            await SaveAsync(page);
            await Expect(page).ToHaveURLAsync(RecordUrl());
        });
    }

    [Fact]
    public async Task File_is_uploaded_with_a_record_and_can_be_opened_again()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await OpenNewSpecimenAsync(page, "Amber");
            var photo = page.GetByRole(AriaRole.Group, new() { Name = "Photo" });
            var chooser = await page.RunAndWaitForFileChooserAsync(() => photo.GetByRole(AriaRole.Button, new() { Name = "Add file" }).ClickAsync());
            await chooser.SetFilesAsync(new FilePayload { Name = "Bernstein für Anna.txt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("forty million years") });
            await Expect(photo.GetByRole(AriaRole.Link)).ToHaveTextAsync("Bernstein für Anna.txt");
            await SaveAsync(page);
            await Expect(page).ToHaveURLAsync(RecordUrl());
            await page.ReloadAsync();
            var address = await photo.GetByRole(AriaRole.Link).GetAttributeAsync("href");
            var file = await page.Context.APIRequest.GetAsync(new Uri(workplace.Server.Url, address!).ToString());
            Assert.Equal("forty million years", await file.TextAsync());
        });
    }

    [Fact]
    public async Task Child_row_is_edited_in_place_and_saved_with_its_record()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await OpenNewSpecimenAsync(page, "Granite");
            await page.GetByRole(AriaRole.Tab, new() { Name = "Samples" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Add Sample" }).ClickAsync();
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Left edge");
            await SaveAsync(page);
            await Expect(page).ToHaveURLAsync(RecordUrl());
            await page.ReloadAsync();
            await page.GetByRole(AriaRole.Tab, new() { Name = "Samples" }).ClickAsync();
            var name = page.GetByLabel("Name", new() { Exact = true });
            await Expect(name).ToHaveValueAsync("Left edge");
            await name.FillAsync("Right edge");
            await SaveAsync(page);
            await Expect(page.GetByText("Unsaved changes")).ToHaveCountAsync(0);
            await page.ReloadAsync();
            await page.GetByRole(AriaRole.Tab, new() { Name = "Samples" }).ClickAsync();
            await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Right edge");
        });
    }

    [Fact]
    public async Task Change_by_somebody_else_is_not_lost_without_a_question()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await OpenNewSpecimenAsync(page, "Slate");
            await SaveAsync(page);
            await Expect(page).ToHaveURLAsync(RecordUrl());
            var other = await workplace.OpenAsync();
            await other.GotoAsync(page.Url);
            await other.GetByLabel("Barcode").FillAsync("4711");
            await SaveAsync(other);
            await Expect(other.GetByText("Unsaved changes")).ToHaveCountAsync(0);

            await page.GetByLabel("Pieces").FillAsync("7");
            await SaveAsync(page);
            var question = page.GetByRole(AriaRole.Dialog, new() { Name = "Somebody else changed this record" });
            await Expect(question.GetByRole(AriaRole.Button, new() { Name = "Take theirs" })).ToBeFocusedAsync();
            for (var step = 0; step < 5; step++)
            {
                await page.Keyboard.PressAsync("Tab");
                await Expect(question.Locator(":focus")).ToHaveCountAsync(1);
            }
            await page.Keyboard.PressAsync("Escape");
            await Expect(question).ToHaveCountAsync(0);
            await Expect(page.GetByLabel("Pieces")).ToHaveValueAsync("7");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeFocusedAsync();
            await SaveAsync(page);
            await question.GetByRole(AriaRole.Button, new() { Name = "Take theirs" }).ClickAsync();
            await Expect(page.GetByLabel("Barcode")).ToHaveValueAsync("4711");
            await Expect(page.GetByLabel("Pieces")).ToHaveValueAsync("");
        });
    }

    [Fact]
    public async Task Script_of_a_form_works_is_shut_in_and_ends()
    {
        var page = await workplace.OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await OpenNewSpecimenAsync(page, "Opal");
            await page.GetByLabel("Website").FillAsync("https://example.com");
            await Expect(page.GetByLabel("Phone")).ToHaveAttributeAsync("aria-required", "true");
            await page.GetByLabel("Barcode").FillAsync("outside");
            await Expect(page.Locator("main li", new() { HasText = "Nothing outside can be reached." })).ToBeVisibleAsync();
            await page.GetByLabel("Barcode").FillAsync("endless");
            await Expect(page.Locator("main li", new() { HasText = "took more than 5 seconds" })).ToBeVisibleAsync();
            await page.GetByLabel("Barcode").FillAsync("4711");
            await page.GetByLabel("Phone").FillAsync("+49 30 1234");
            await SaveAsync(page);
            await Expect(page).ToHaveURLAsync(RecordUrl());
            await Expect(page.GetByText("took more than 5 seconds")).ToHaveCountAsync(0);
        });
    }

    private static async Task OpenNewSpecimenAsync(IPage page, string title)
    {
        await page.GotoAsync("/specimen/specimens/new");
        await page.Locator("#field-title").FillAsync(title);
    }

    private static Task SaveAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

    [GeneratedRegex("/specimen/specimens/[0-9a-f-]{36}")]
    private static partial Regex RecordUrl();
}
