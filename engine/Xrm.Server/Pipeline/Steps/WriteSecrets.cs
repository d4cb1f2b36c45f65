using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Encrypts the secrets that the client sent, and keeps them apart from the record, which only says when they were changed.</summary>
internal sealed class WriteSecrets(SecretProtection protection) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var (field, text) in save.Secrets)
            await RecordSecrets.PutAsync(save.Unit.Records, field, save.Id, text is null ? null : protection.Protect(Purpose(save.Id), text), ct);
    }

    /// <summary>What secrets of a record are encrypted for: those of one are of no use in another. The names of entities and fields may change.</summary>
    public static string Purpose(Guid recordId) => $"record {recordId:D}";
}
