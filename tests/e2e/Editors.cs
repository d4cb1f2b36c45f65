using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>The editors of scripts on a page.</summary>
internal static class Editors
{
    /// <summary>Waits until every editor on the page shows its text in colours: they come after the text.</summary>
    public static Task ColouredAsync(IPage page) =>
        Expect(page.Locator(".monaco-editor:not(:has(.view-line [class^='mtk']:not(.mtk1)))")).ToHaveCountAsync(0);

    /// <summary>The only one on the page.</summary>
    public static ILocator Only(IPage page) => page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Script ") });

    /// <summary>Replaces all that is written in the only one on the page.</summary>
    public static async Task WriteAsync(IPage page, string text)
    {
        await Only(page).FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(text);
    }
}
