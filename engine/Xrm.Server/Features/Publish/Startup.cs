using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Publishing;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Publish;

/// <summary>Brings the database to the point where requests can succeed.</summary>
internal sealed class Startup(Migrations migrations, CurrentModel current, PublishService publishing, SignIn signIn, UserMirror users)
{
    /// <summary>Updates the engine's own tables, makes the first administrator, loads the published model and publishes what is new in the given folders.</summary>
    /// <param name="packages">Package folders.</param>
    /// <param name="say">Takes lines about the progress.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <returns>The first administrator's one-time password; null where there already are users.</returns>
    /// <exception cref="PublishFailedException">A package has mistakes; the message lists them.</exception>
    public async Task<string?> PrepareAsync(IReadOnlyList<string> packages, Action<string> say, CancellationToken ct)
    {
        if (await migrations.ApplyAsync(ct) is { IsEmpty: false }) say("The engine's own tables are up to date.");
        var password = await signIn.CreateFirstAdministratorAsync(ct);
        await current.LoadAsync(ct);
        var files = new List<PackageFiles>();
        foreach (var folder in packages) files.Add(await PackageReader.ReadAsync(folder, ct));
        if (!await publishing.IsInForceAsync(current.Value, files, ct)) await PublishAsync(files, say, ct);
        await users.RefreshAsync(current.Value, ct);
        return password;
    }

    /// <summary>Brings an organisation that was published before up to date with this build of the engine, and loads its model.</summary>
    /// <exception cref="PublishFailedException">Its packages have mistakes for this build; the message lists them.</exception>
    public async Task ResumeAsync(CancellationToken ct)
    {
        await migrations.ApplyAsync(ct);
        await current.LoadAsync(ct);
        List<PackageFiles> files = [.. current.Value.Model.Packages.Select(package => package.Files)];
        if (!await publishing.IsInForceAsync(current.Value, files, ct)) await PublishAsync(files, _ => { }, ct);
        await users.RefreshAsync(current.Value, ct);
    }

    /// <summary>Fills the new schema of an organisation: the engine's own tables, the packages with their starter rows, the records of its members.</summary>
    /// <param name="files">The packages.</param>
    /// <param name="say">Takes lines about the progress.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="PublishFailedException">A package has mistakes; the message lists them.</exception>
    public async Task FillAsync(IEnumerable<PackageFiles> files, Action<string> say, CancellationToken ct)
    {
        await migrations.ApplyAsync(ct);
        await current.LoadAsync(ct);
        await PublishAsync([.. files], say, ct);
        await users.RefreshAsync(current.Value, ct);
    }

    private async Task PublishAsync(List<PackageFiles> files, Action<string> say, CancellationToken ct)
    {
        var result = await publishing.PublishAsync(new PublishRequest(files, new HashSet<string>(), null, Caller.System), say, ct);
        if (result.Version is null) throw new PublishFailedException(result.Plan, result.Plan.Problems);
        if (!result.Plan.IsEmpty) say($"Published {string.Join(", ", result.Plan.Packages.Where(package => package.State != PackageState.Unchanged).Select(package => package.Name))} as version {result.Version}.");
    }
}
