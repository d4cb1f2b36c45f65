using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Xrm.Server.Tests.Scripts;

[Collection(nameof(Rules.DecisionCollection))]
public sealed partial class ScriptFrameTests(Rules.DecisionApplication orders)
{
    [Fact]
    public async Task The_page_in_which_scripts_of_forms_run_is_sealed()
    {
        var answer = await orders.Clerk.Http.GetAsync("/api/script-frame");
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        var script = ScriptText().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Equal([$"sandbox allow-scripts; default-src 'none'; script-src 'sha256-{hash}' 'unsafe-eval' blob:; worker-src blob:; frame-ancestors 'self'"], answer.Headers.GetValues("Content-Security-Policy"));
    }

    [GeneratedRegex("<script>(.*)</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptText();
}
