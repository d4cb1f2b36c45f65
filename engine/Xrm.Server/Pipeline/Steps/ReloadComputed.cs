using Xrm.Data.Access;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Takes over what the rollups have changed in a record of this save, so that its event and history are right.</summary>
internal sealed class ReloadComputed : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete || !save.Unit.Rollups.Recomputed.Contains((save.Entity, save.Id))) return;
        if (await RecordLoader.LoadForUpdateAsync(save.Unit.Records, save.Entity, save.Id, ct) is { } values) save.Values = values;
    }
}
