using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>One page of every kind.</summary>
internal static class PageTour
{
    private static readonly string[] Pages =
    [
        "/contracts/contracts", "/contracts/contracts/new", "/contracts/accounts", "/assets/assets", "/specimen/specimens", "/specimen/specimens/new",
        "/account", "/administration/users", "/administration/roles?role=crm_user", "/administration/units", "/administration/organisations", "/administration/mails", "/administration/audit", "/administration/personal-data", "/administration/deliveries", "/administration/workflow-runs", "/administration/rules", "/administration/rules/script/contract/pricing", "/administration/package-tests", "/administration/uses?entity=contract&field=status",
        "/administration/scripts", "/administration/scripts/contracts?file=contract.pricing.ts", "/administration/rules/build/contract", "/administration/rules/build/contract/contracts/large", "/jobs", "/contracts/nothing",
    ];

    /// <summary>Opens one after the other, waits until it is there, and looks.</summary>
    public static async Task EachAsync(IPage page, Func<Task> look)
    {
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("main h1, main h2, main h3, main [class*=title]").First).ToBeVisibleAsync();
            await Expect(page.Locator("main [aria-busy=true], main [class*=bone]")).ToHaveCountAsync(0);
            // The editor itself comes behind its page.
            if (path.Contains("?file=", StringComparison.Ordinal)) await Expect(Editors.Only(page)).ToBeVisibleAsync();
            await Editors.ColouredAsync(page);
            await look();
        }
    }
}
