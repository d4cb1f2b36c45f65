using Xrm.Data.Access;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>No record stands above itself.</summary>
internal sealed class CheckHierarchy : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation != Operation.Update || save.Entity.Hierarchy is not { } parent || !save.IsChanged(parent)) return;
        if (save.Values.Get(parent.Columns[0].Name) is Guid above && await RecordHierarchy.WouldCircleAsync(save.Unit.Records, parent, save.Id, above, ct))
            save.Fail(parent.Columns[0].Name, "hierarchy_circle", $"{parent.Label}: a record cannot stand below itself.");
    }
}
