using Xrm.Data.Access;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>A file field holds a file that the caller has uploaded, and that belongs to no other record.</summary>
internal sealed class CheckFiles : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var field in save.Duties.Files)
        {
            if (!save.IsChanged(field)) continue;
            var before = Ids(save.Previous?.Get(field.Columns[0].Name));
            var added = Ids(save.Values.Get(field.Columns[0].Name)).Except(before).ToList();
            if (added.Count == 0) continue;
            var uploader = save.Unit.Caller.IsUnlimited ? (Guid?)null : save.Unit.Caller.UserId;
            var free = await FileStore.UnattachedAsync(save.Unit.Records, added, uploader, ct);
            foreach (var missing in added.Where(id => !free.Contains(id)))
                save.Fail(field.Columns[0].Name, "file_unknown", $"{field.Label}: there is no uploaded file with the id {missing}.");
        }
    }

    internal static IEnumerable<Guid> Ids(object? value) => value switch
    {
        Guid id => [id],
        Guid[] ids => ids,
        _ => [],
    };
}
