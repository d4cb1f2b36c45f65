namespace Xrm.Server.Pipeline.Steps;

/// <summary>Gives a new record its automatic numbers: late, because others wait for the number's series until the transaction ends, and only where nothing is wrong.</summary>
internal sealed class AssignNumbers(ComputeValues compute) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.IsNew || save.Errors.Count > 0 || save.Duties.Numbers.IsEmpty) return;
        foreach (var field in save.Duties.Numbers)
            save.Values[field.Column!.Name] = await save.Unit.Numbers.NextAsync(field, DateOnly.FromDateTime(save.Unit.UtcNow), ct);
        await compute.RunAsync(save, ct);
    }
}
