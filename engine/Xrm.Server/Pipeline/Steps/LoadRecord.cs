using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Loads and locks the record that is to be changed, and compares its version with the one that the client means.</summary>
internal sealed class LoadRecord : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.IsNew)
        {
            foreach (var (column, value) in save.Fixed) save.Values[column] = value;
            return;
        }
        save.Previous ??= await RecordLoader.LoadForUpdateAsync(save.Unit.Records, save.Entity, save.Id, ct)
            ?? throw XrmException.RecordNotFound(save.Entity.Name, save.Id);
        save.Shares = (await RecordShares.WithCallerAsync(save.Unit.Records, save.Unit.Caller, save.Entity, [save.Id], ct)).GetValueOrDefault(save.Id);
        await CheckVisibleAsync(save, ct);
        if (save.ExpectedVersion is { } expected && expected != save.Previous.Version)
            throw new XrmException("version_conflict", 412, $"Somebody has changed this {save.Entity.Label} in the meantime. Load it again.");
        save.Values = new RecordValues(save.Previous);
        if (save.IsRestored) save.Values["deleted_at"] = save.Values[save.Table.SystemColumn("deleted_by")] = null;
        if (save.Transition is { } transition) Move(save, transition);
    }

    /// <summary>A record that the caller may not see must look like one that is not there.</summary>
    private static async Task CheckVisibleAsync(SaveContext save, CancellationToken ct)
    {
        if (!await save.Unit.Rights.ReachesAsync(Operation.Read, save.Entity, save.Previous!, save.Shares, ct))
            throw XrmException.RecordNotFound(save.Entity.Name, save.Id);
    }

    private static void Move(SaveContext save, Metadata.Compiled.Transition transition)
    {
        var column = save.Entity.Lifecycle!.Field.Column!;
        save.Values[column.Name] = column.Type == ColumnType.Integer ? long.Parse(transition.To, System.Globalization.CultureInfo.InvariantCulture) : transition.To;
    }
}
