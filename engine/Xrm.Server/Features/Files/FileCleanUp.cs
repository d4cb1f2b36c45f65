using Xrm.Data.Records;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Files;

/// <summary>Removes uploads that no record came to hold: forms that were never saved.</summary>
internal sealed class FileCleanUp(FileStore files, TimeProvider time, ILogger<FileCleanUp> log) : BackgroundLoop(time, log)
{
    private const int FilesAtATime = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly ILogger _log = log;
    private readonly TimeProvider _time = time;

    protected override TimeSpan IdlePause => TimeSpan.FromHours(1);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var removed = await files.RemoveUnattachedAsync(_time.GetUtcNow().UtcDateTime - Kept, FilesAtATime, ct);
        if (removed > 0) _log.LogInformation("{Files} uploaded files that no record holds were removed.", removed);
        return removed == FilesAtATime;
    }
}
