using System.CommandLine;
using Xrm.Data.Errors;
using Xrm.Server.Features.Publish;

namespace Xrm.Server.Commands;

/// <summary>Runs a verb and turns its outcome into an exit code that scripts can use.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) };
            var code = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (XrmException refused)
        {
            await Console.Error.WriteLineAsync($"xrm: {refused.Message}");
            foreach (var error in refused.Errors) await Console.Error.WriteLineAsync($"  {error.Field}: {error.Message}");
            return refused.Status == 503 ? ExitCodes.Unavailable : ExitCodes.Failed;
        }
        catch (PublishFailedException failed)
        {
            await Console.Error.WriteLineAsync($"xrm: the packages cannot be published:\n{failed.Message}");
            return ExitCodes.Failed;
        }
        catch (CommandFailedException failed)
        {
            await Console.Error.WriteLineAsync($"xrm: {failed.Message}");
            return failed.ExitCode;
        }
    }
}

/// <summary>What the process answers to its caller. The values follow sysexits.h where it has one.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The metadata has mistakes, or the change was refused.</summary>
    public const int Failed = 1;

    /// <summary><c>plan --check</c>: there are changes to publish.</summary>
    public const int ChangesPending = 2;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>Something that is needed cannot be reached: the database, a program.</summary>
    public const int Unavailable = 69;

    /// <summary>Interrupted.</summary>
    public const int Cancelled = 130;
}

/// <summary>Ends a verb with a message and an exit code.</summary>
internal sealed class CommandFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
