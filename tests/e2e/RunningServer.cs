using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Xrm.EndToEnd.Tests;

/// <summary>A real server, started by the command that users type, with a data folder of its own.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private RunningServer(Process process, string dataDirectory, Uri url, string oneTimePassword)
    {
        _process = process;
        DataDirectory = dataDirectory;
        Url = url;
        OneTimePassword = oneTimePassword;
    }

    public string DataDirectory { get; }

    public Uri Url { get; }

    /// <summary>The first administrator's one-time password; empty on a second start.</summary>
    public string OneTimePassword { get; }

    public static async Task<RunningServer> StartAsync(string dataDirectory)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(Repository.Command, ["serve", "--url", url.ToString().TrimEnd('/'), "--data", dataDirectory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        var lines = new List<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(start)!;
        void Take(string? line)
        {
            if (line is null) return;
            lock (lines) lines.Add(line);
            if (line.Contains("Xrm is ready", StringComparison.Ordinal)) ready.TrySetResult();
        }
        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, ended, Task.Delay(StartLimit));
        if (first != ready.Task) throw new InvalidOperationException($"The server did not start:\n{string.Join('\n', lines)}");
        lock (lines)
        {
            var password = lines.Select(line => PasswordLine().Match(line)).FirstOrDefault(match => match.Success);
            return new RunningServer(process, dataDirectory, url, password?.Groups[1].Value ?? "");
        }
    }

    /// <summary>Runs another verb of the command on this server's data.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunCommandAsync([.. arguments, "--data", DataDirectory]);

    /// <summary>Runs a verb of the command that needs no server.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunCommandAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Repository.Command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Ends the server in good order, as Ctrl-C does (which a shell in the background would ignore).</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await signal.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends the server like a power cut does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("one-time password (\\S+)")]
    private static partial Regex PasswordLine();
}
