namespace Xrm.Plugins;

/// <summary>Work that is done again and again.</summary>
public interface IBackgroundJob
{
    /// <summary>Does the work once.</summary>
    /// <param name="ct">Ends when the server stops.</param>
    /// <remarks>Never runs twice at a time, on however many nodes. An exception is logged under the plugin's name; the next run comes as planned.</remarks>
    Task RunAsync(CancellationToken ct);
}
