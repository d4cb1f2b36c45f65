using System.Diagnostics;
using System.Globalization;

namespace Xrm.Data.Embedded;

/// <summary><c>postmaster.pid</c>: which server runs on a data folder, and where it listens.</summary>
/// <param name="ProcessId">Process of the server.</param>
/// <param name="Port">Port, also part of the socket's name.</param>
/// <param name="SocketFolder">Folder of the Unix socket; empty where there is none.</param>
/// <param name="IsReady">The server takes connections; while it starts or recovers from a crash it does not.</param>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketFolder, bool IsReady)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>The server that lives on the folder, as soon as it takes connections; null where none lives or it ends meanwhile.</summary>
    public static async Task<PostmasterFile?> WaitReadyAsync(string dataFolder, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            var server = ReadLive(dataFolder);
            if (server is null or { IsReady: true }) return server;
            await Task.Delay(Pause, ct);
        }
        throw new EmbeddedPostgresException($"A PostgreSQL server on {dataFolder} is starting, but was not ready within {Patience.TotalMinutes} minutes.");
    }

    /// <summary>What a server that lives wrote; null where none does. The file of a server that was killed is removed.</summary>
    public static PostmasterFile? ReadLive(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "postmaster.pid");
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (lines.Length < 1 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process)) return null;
        if (!IsPostgres(process))
        {
            // PostgreSQL would clean up by itself, unless the number now belongs to another process of the same user.
            File.Delete(path);
            return null;
        }
        var port = lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var number) ? number : 0;
        var isReady = lines.Length > 7 && lines[7].StartsWith("ready", StringComparison.Ordinal);
        return new PostmasterFile(process, port, lines.Length > 4 ? lines[4] : "", isReady);
    }

    /// <summary>Ended, but in a container without an init process nobody asks how.</summary>
    private static bool IsZombie(int id)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.ReadAllText($"/proc/{id}/stat").Contains(") Z ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has gone, or belongs to somebody whose processes we may not look at.
            return !Directory.Exists($"/proc/{id}");
        }
    }

    private static bool IsPostgres(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && !IsZombie(id);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
