using System.Diagnostics;
using Xrm.Server.Security;

namespace Xrm.Server.Tests;

/// <summary>Runs verbs of the command line as whoever runs the server does: in a process of their own, beside the server.</summary>
internal static class Verbs
{
    /// <summary>Runs a verb on the database of a server.</summary>
    /// <param name="app">The server.</param>
    /// <param name="arguments">The verb and its arguments, without those that name the database.</param>
    /// <param name="environment">Variables of the environment.</param>
    /// <returns>What it has written to standard output.</returns>
    public static async Task<string> RunVerbAsync(this TestApplication app, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(AccessTokens).Assembly.Location, .. arguments, "--database", app.Database.ConnectionString]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {process.ExitCode} {await error} {await output}");
        return (await output).Trim();
    }
}
