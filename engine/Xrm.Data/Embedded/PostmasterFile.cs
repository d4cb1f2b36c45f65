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
    /// <summary>Larger than any process number.</summary>
    private const string NoProcess = "2147483647";

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

    /// <summary>What a server that lives wrote; null where none does.</summary>
    public static PostmasterFile? ReadLive(string dataFolder)
    {
        if (ReadLines(PathIn(dataFolder)) is not { Length: > 0 } lines || ProcessOf(lines) is not { } process) return null;
        var port = lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var number) ? number : 0;
        var isReady = lines.Length > 7 && lines[7].StartsWith("ready", StringComparison.Ordinal);
        return new PostmasterFile(process, port, lines.Length > 4 ? lines[4] : "", isReady);
    }

    /// <summary>
    /// Makes the files of a server that was killed harmless where its number now belongs to another process, or to nobody who can be
    /// asked. The file of the data folder must stay: its other lines let PostgreSQL see whether a part of the killed server still works there.
    /// </summary>
    public static void ClearStale(string dataFolder, string socketFolder)
    {
        if (ReadLines(PathIn(dataFolder)) is { Length: > 0 } lines && ProcessOf(lines) is null)
            File.WriteAllText(PathIn(dataFolder), string.Join('\n', lines.Skip(1).Prepend(NoProcess)) + "\n");
        foreach (var path in Directory.GetFiles(socketFolder, ".s.PGSQL.*.lock"))
            if (ReadLines(path) is { } socket && ProcessOf(socket) is null) File.Delete(path);
    }

    private static string PathIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    private static string[]? ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static int? ProcessOf(string[] lines) => lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process) && IsPostgres(process) ? process : null;

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
