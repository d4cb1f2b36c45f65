using System.Text.Json;
using Microsoft.Playwright;

namespace Xrm.EndToEnd.Tests;

/// <summary>What axe finds on a page that hinders people.</summary>
internal static class Hindrances
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "designer", "node_modules", "axe-core", "axe.min.js"));

    /// <summary>Fails with what hinders people on the page as it is now.</summary>
    public static async Task CheckAsync(IPage page)
    {
        // What moves stands for what is still to come.
        await page.WaitForFunctionAsync("() => document.getAnimations().every((animation) => animation.playState !== 'running')");
        await page.EvaluateAsync(Axe);
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter((violation) => ['serious', 'critical'].includes(violation.impact))
              .map((violation) => `${violation.help}: ${violation.nodes.map((node) => node.html.slice(0, 200)).join(' ')}`)
            """);
        Assert.True(found.GetArrayLength() == 0, $"{page.Url}\n{string.Join('\n', found.EnumerateArray())}");
    }
}
