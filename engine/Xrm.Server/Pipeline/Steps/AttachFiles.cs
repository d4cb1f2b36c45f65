using Xrm.Data.Access;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Ties files to the record and field that hold them: whoever may read those may read the files.</summary>
internal sealed class AttachFiles : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var field in save.Duties.Files)
        {
            var before = CheckFiles.Ids(save.Previous?.Get(field.Columns[0].Name)).ToList();
            var after = save.Operation == Operation.Delete ? save.IsRecycled ? before : [] : CheckFiles.Ids(save.Values.Get(field.Columns[0].Name)).ToList();
            if (after.Except(before).ToList() is { Count: > 0 } added) await FileStore.AttachAsync(save.Unit.Records, added, field, save.Id, ct);
            if (before.Except(after).ToList() is { Count: > 0 } removed) await FileStore.DeleteAsync(save.Unit.Records, removed, ct);
        }
    }
}
