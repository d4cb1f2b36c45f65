using Xrm.Data.Jobs;
using Xrm.Plugins;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Plugins;

/// <summary>Runs the background jobs of plugins, each in a loop of its own: a slow one holds up no other.</summary>
internal sealed class PluginJobs(PluginHost plugins, RecurringWork recurring, TimeProvider time, ILogger<PluginJobs> log) : IHostedService
{
    private readonly PluginJob[] _jobs = [.. plugins.Jobs.Select(job => new PluginJob(job.Name, job.Interval, job.Job, recurring, time, log))];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_jobs.Select(job => job.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_jobs.Select(job => job.StopAsync(cancellationToken)));
}

/// <summary>The runs of one job.</summary>
internal sealed class PluginJob(string name, TimeSpan interval, IBackgroundJob job, RecurringWork recurring, TimeProvider time, ILogger log) : BackgroundLoop(time, log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly ILogger _log = log;
    private TimeSpan _pause;

    protected override TimeSpan IdlePause => _pause;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await recurring.RunIfDueAsync(name, interval, RunAsync, ct);
        _pause = due < LongestPause ? due : LongestPause;
        return false;
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await job.RunAsync(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            _log.LogError(exception, "The plugin's job {Job} failed. It runs again in {Interval}.", name, interval);
        }
    }
}
