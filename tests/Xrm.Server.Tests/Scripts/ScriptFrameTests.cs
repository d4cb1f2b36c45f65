namespace Xrm.Server.Tests.Scripts;

[Collection(nameof(Rules.DecisionCollection))]
public sealed class ScriptFrameTests(Rules.DecisionApplication orders)
{
    [Fact]
    public async Task The_page_in_which_scripts_of_forms_run_is_sealed()
    {
        var answer = await orders.Clerk.Http.GetAsync("/api/script-frame");
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; frame-ancestors 'self'"], answer.Headers.GetValues("Content-Security-Policy"));
    }
}
