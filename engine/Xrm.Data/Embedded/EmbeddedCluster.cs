using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Xrm.Data.Embedded;

/// <summary>The data folder of an embedded server and the programs that work on it.</summary>
internal sealed class EmbeddedCluster
{
    private const string OwnSettings = "xrm.conf";
    private const long LargeLog = 10_000_000;
    private readonly PostgresBinaries _binaries;
    private readonly ServerUser _user;
    private readonly Action<string> _log;

    private EmbeddedCluster(string home, PostgresBinaries binaries, ServerUser user, Action<string> log) =>
        (Home, _binaries, _user, _log) = (home, binaries, user, log);

    /// <summary>Folder that holds data, log, socket and password.</summary>
    public string Home { get; }

    private string Data => Path.Combine(Home, "data");

    private string PasswordFile => Path.Combine(Home, "password");

    private string LogFile => Path.Combine(Home, "log");

    /// <summary>Finds programs that fit the data.</summary>
    public static async Task<EmbeddedCluster> OpenAsync(string home, ServerUser user, Action<string> log, CancellationToken ct)
    {
        var versionFile = Path.Combine(home, "data", "PG_VERSION");
        int? version = File.Exists(versionFile) ? int.Parse((await File.ReadAllTextAsync(versionFile, ct)).Trim(), CultureInfo.InvariantCulture) : null;
        var binaries = await user.MakeReachableAsync(await PostgresBinaries.FindAsync(version, ct), ct);
        return new EmbeddedCluster(home, binaries, user, log);
    }

    /// <summary>Makes the data folder where there is none.</summary>
    /// <returns>The password of the superuser.</returns>
    public async Task<string> CreateIfMissingAsync(string userName, Func<string> newPassword, CancellationToken ct)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION"))) return await File.ReadAllTextAsync(PasswordFile, ct);
        _log($"Creating the embedded PostgreSQL {_binaries.Version} in {Home}.");
        var password = newPassword();
        await WritePrivateAsync(PasswordFile, password, ct);
        // An initdb that was killed leaves half a folder, which the next one would refuse; so it works beside, and the result is moved.
        var fresh = Data + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        await RunAsync("initdb", ["-D", fresh, "-U", userName, "-A", "scram-sha-256", $"--pwfile={PasswordFile}", "-E", "UTF8", "--no-instructions", .. Locale()], ct);
        await File.AppendAllTextAsync(Path.Combine(fresh, "postgresql.conf"), $"\ninclude = '{OwnSettings}'\n", ct);
        Directory.Move(fresh, Data);
        return password;
    }

    /// <summary>Starts the server unless it runs. Waits until it takes connections, after a crash as long as recovery needs.</summary>
    public async Task<PostmasterFile> StartIfStoppedAsync(string settings, CancellationToken ct)
    {
        if (await PostmasterFile.WaitReadyAsync(Data, ct) is { } running) return running;
        await WritePrivateAsync(Path.Combine(Data, OwnSettings), OwnSettingsText() + settings, ct);
        if (File.Exists(LogFile) && new FileInfo(LogFile).Length > LargeLog) File.Delete(LogFile);
        PostmasterFile.ClearStale(Data, Home);
        await StartAsync(ct);
        return await PostmasterFile.WaitReadyAsync(Data, ct)
            ?? throw new EmbeddedPostgresException($"The embedded PostgreSQL ended right after its start. Its log: {LogFile}");
    }

    /// <summary>The parts of a killed server notice its death within a moment; until then nothing else may touch the data.</summary>
    private async Task StartAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync("pg_ctl", ["start", "-D", Data, "-l", LogFile, "-s", "-w", "-t", "300"], ct);
                return;
            }
            catch (EmbeddedPostgresException failed) when (attempt < 20 && failed.Message.Contains("shared memory block"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            }
        }
    }

    /// <summary>Ends all connections and stops the server.</summary>
    public Task StopAsync(CancellationToken ct) =>
        PostmasterFile.ReadLive(Data) is null ? Task.CompletedTask : RunAsync("pg_ctl", ["stop", "-D", Data, "-s", "-m", "fast", "-w", "-t", "60"], ct);

    /// <summary>Tells the server to stop and does not wait.</summary>
    public void StopNow() => ProgramRun.RunNow(_user.Command([_binaries.Program("pg_ctl"), "stop", "-D", Data, "-s", "-m", "fast", "-W"]), Home);

    private async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var (exitCode, output) = await ProgramRun.RunAsync(_user.Command([_binaries.Program(program), .. arguments]), Home, ct);
        if (exitCode == 0) return;
        var tail = File.Exists(LogFile) && program == "pg_ctl" ? string.Join('\n', (await File.ReadAllLinesAsync(LogFile, ct)).TakeLast(10)) : "";
        throw new EmbeddedPostgresException($"{program} failed (exit code {exitCode}) on {Data}.\n{output}\n{tail}".TrimEnd());
    }

    /// <summary>Byte order, with upper and lower case of all of Unicode: fast, and the same on every machine.</summary>
    private string[] Locale() => _binaries.Version >= 17
        ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        : ["--locale=C", "--locale-provider=icu", "--icu-locale=und"];

    private string OwnSettingsText()
    {
        var place = OperatingSystem.IsWindows()
            ? $"listen_addresses = '127.0.0.1'\nport = {FreePort()}\n"
            : $"listen_addresses = ''\nport = 5432\nunix_socket_directories = '{SocketFolder().Replace("'", "''")}'\nunix_socket_permissions = 0700\n";
        return $"""
            # Written anew at every start; put settings of your own at the end of postgresql.conf.
            {place}max_connections = 200
            shared_buffers = 256MB
            max_wal_size = 2GB
            wal_compression = on
            jit = off
            # Solid state drives: an index read in order is as cheap as it looks.
            random_page_cost = 1.1
            timezone = 'UTC'
            log_timezone = 'UTC'

            """;
    }

    /// <summary>The kernel allows 107 bytes for a socket's path; deep folders get a short place instead.</summary>
    private string SocketFolder()
    {
        const int longest = 107 - 18;
        return Home.Length <= longest ? Home : throw new EmbeddedPostgresException($"The path {Home} is too long for a Unix socket ({longest} characters at most). Choose a shorter --data.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WritePrivateAsync(string path, string text, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(path, options)) await writer.WriteAsync(text.AsMemory(), ct);
        await _user.OwnAsync(path, ct);
    }
}
