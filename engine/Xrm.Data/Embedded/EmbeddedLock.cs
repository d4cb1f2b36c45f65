namespace Xrm.Data.Embedded;

/// <summary>Locks between processes, on files. The operating system frees them when a process ends, however it ends.</summary>
internal static class EmbeddedLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits for the lock that one process at a time can hold.</summary>
    public static async Task<FileStream> ExclusiveAsync(string path, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            if (TryExclusive(path) is { } file) return file;
            await Task.Delay(Pause, ct);
        }
        throw new EmbeddedPostgresException($"Another process holds {path} and does not let go. Is a start or stop of the same data folder hanging?");
    }

    /// <summary>The lock that one process at a time can hold; null where another one has it.</summary>
    public static FileStream? TryExclusive(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A lock that many processes can hold, but not beside the exclusive one.</summary>
    public static FileStream Share(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
}
