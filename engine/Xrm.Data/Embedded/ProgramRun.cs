using System.Diagnostics;

namespace Xrm.Data.Embedded;

/// <summary>Runs a helper program to its end.</summary>
internal static class ProgramRun
{
    /// <summary>Exit code, and what the program wrote to both of its outputs.</summary>
    /// <param name="arguments">The program and its arguments; nothing is interpreted by a shell.</param>
    /// <param name="folder">Working folder; the user that the program runs as must be able to enter it.</param>
    /// <param name="ct">Cancels the wait and ends the program.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments, string folder, CancellationToken ct)
    {
        using var process = Start(arguments, folder);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a program without waiting asynchronously: for the moment when the process ends.</summary>
    public static void RunNow(IReadOnlyList<string> arguments, string folder)
    {
        using var process = Start(arguments, folder);
        process.WaitForExit();
    }

    private static Process Start(IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Messages that we parse, and a cluster, must not depend on the person's language.
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start) ?? throw new EmbeddedPostgresException($"{arguments[0]} could not be started.");
        process.StandardInput.Close();
        return process;
    }
}
