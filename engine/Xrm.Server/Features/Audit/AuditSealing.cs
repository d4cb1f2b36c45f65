using Xrm.Data.Auditing;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Audit;

/// <summary>Seals every few seconds what was written into the audit.</summary>
internal sealed class AuditSealing(AuditSealer sealer, TimeProvider time, ILogger<AuditSealing> log) : BackgroundLoop(time, log)
{
    protected override TimeSpan IdlePause => TimeSpan.FromSeconds(3);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await sealer.SealAsync(ct);
        return false;
    }
}
