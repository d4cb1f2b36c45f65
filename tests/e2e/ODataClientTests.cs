using System.Diagnostics;

namespace Xrm.EndToEnd.Tests;

/// <summary>The data API through the SAP Cloud SDK: its client is made from <c>$metadata</c> alone. See tests/odata-client.</summary>
[Collection(nameof(Workplace))]
public sealed class ODataClientTests(Workplace workplace)
{
    [Fact]
    public async Task A_client_made_from_the_description_reads_writes_and_batches()
    {
        var (code, token, error) = await workplace.Server.RunAsync("token", "create", "--name", "odata-client");
        Assert.True(code == 0, error);
        var start = new ProcessStartInfo("node", ["check.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests", "odata-client"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XRM_DATA_URL"] = new Uri(workplace.Server.Url, "/api/data").ToString();
        start.Environment["XRM_TOKEN"] = token.Trim();
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{output}\n{await said}");
        Assert.Equal(6, output.Split('\n').Count(line => line.StartsWith("ok: ", StringComparison.Ordinal)));
    }
}
