using System.Collections.Immutable;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>When a sign-in with a password has a second step, and how long and how often it may be tried.</summary>
internal sealed class SecondStepRules(Tickets tickets, IdentitySettings settings)
{
    private const int MostTries = 5;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    /// <summary>What the second step can be; empty where there is none.</summary>
    public ImmutableArray<string> Methods(User user, SecondFactors factors)
    {
        var methods = ImmutableArray.CreateBuilder<string>();
        if (factors.IsConfirmed) methods.AddRange("code", "recovery_code");
        // Who needs a second factor and has a passkey signs in with it: otherwise a password alone would do to add another factor.
        if (factors.Passkeys > 0 && (factors.IsConfirmed || settings.Demands(user.IsAdministrator))) methods.Add("passkey");
        return methods.ToImmutable();
    }

    /// <summary>Begins the second step.</summary>
    /// <returns>Its secret.</returns>
    public Task<string> IssueAsync(User user, CancellationToken ct) => tickets.IssueAsync(TicketPurpose.SecondStep, user.Id, null, Length, ct);

    /// <summary>Looks at the step; null where it has ended or expired.</summary>
    public Task<Ticket?> FindAsync(string? pending, CancellationToken ct) => tickets.FindAsync(pending, TicketPurpose.SecondStep, ct);

    /// <summary>Counts a try; null where the step has expired or was tried too often.</summary>
    public Task<Ticket?> TryAsync(string? pending, CancellationToken ct) => tickets.TryAsync(pending, TicketPurpose.SecondStep, MostTries, ct);

    /// <summary>Ends the step.</summary>
    /// <returns>False where it was ended by another request.</returns>
    public Task<bool> EndAsync(Ticket ticket, CancellationToken ct) => tickets.RemoveAsync(ticket, ct);
}
