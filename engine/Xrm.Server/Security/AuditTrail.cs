using System.Text.Json;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Server.Hosting;
using Xrm.Server.Organisations;
using Xrm.Server.Pipeline;
using Xrm.Server.Security.Providers;

namespace Xrm.Server.Security;

/// <summary>Writes what requests do besides changing records into the audit: sign-ins, changes of rights, exports.</summary>
internal sealed class AuditTrail(AuditLog log, OrganisationHosts organisations, ServedOrganisation served, TimeProvider time)
{
    /// <summary>Writes an event of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">One of <see cref="AuditOperations"/>.</param>
    /// <param name="user">Who did it; null where nobody is known.</param>
    /// <param name="details">What more is to be told, as a JSON object; never a secret. Null for nothing.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <param name="entity">Name of the entity that it is about; null for none.</param>
    /// <exception cref="XrmException">503: the database cannot be reached; nothing was written.</exception>
    public Task NoteAsync(HttpContext http, string operation, Guid? user, object? details, CancellationToken ct, string? entity = null) =>
        log.NoteAsync(Event(http, operation, user, details, entity), ct);

    /// <summary>Writes an event of a request into the audit of an organisation, which may be another one than that of the request.</summary>
    /// <param name="organisation">Name of the organisation.</param>
    /// <param name="http">The request.</param>
    /// <param name="operation">One of <see cref="AuditOperations"/>.</param>
    /// <param name="user">Who did it.</param>
    /// <param name="details">What more is to be told, as a JSON object; never a secret. Null for nothing.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">503: the database cannot be reached; nothing was written.</exception>
    public async Task NoteInAsync(string organisation, HttpContext http, string operation, Guid user, object? details, CancellationToken ct) =>
        await (organisation == served.Name ? log : await organisations.AuditOfAsync(organisation, ct)).NoteAsync(Event(http, operation, user, details, null), ct);

    /// <summary>Writes an event of a request that exists when what is done in a transaction commits.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="http">The request.</param>
    /// <param name="operation">One of <see cref="AuditOperations"/>.</param>
    /// <param name="user">Who did it.</param>
    /// <param name="details">What more is to be told, as a JSON object; never a secret.</param>
    /// <param name="entity">Name of the entity that it is about.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task NoteAsync(RecordTransaction records, HttpContext http, string operation, Guid user, object details, string entity, CancellationToken ct) =>
        await log.NoteAsync(await records.BeginAsync(ct), Event(http, operation, user, details, entity), ct);

    private AuditEvent Event(HttpContext http, string operation, Guid? user, object? details, string? entity)
    {
        var origin = SaveOrigin.Of(http);
        // Who signs in has no session yet.
        var source = operation is AuditOperations.SignIn or AuditOperations.SignInFailed or AuditOperations.SignInLocked or AuditOperations.RecoveryCodeUsed ? AuditSources.Screen : origin.Source;
        var json = details is null ? null : JsonSerializer.Serialize(details, ApiJson.Options);
        return new AuditEvent(time.GetUtcNow().UtcDateTime, operation, user, source, origin.Address, json) { Entity = entity };
    }

    /// <summary>
    /// Signs somebody in, and writes that it was done or refused. What was typed as a name that nobody has is not written down: it may be a
    /// password that went into the wrong field.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="who">Finds who is refused; gives null where nobody is known.</param>
    /// <param name="signIn">Checks the credentials. A first step that opens no session yet is written down only where it is refused.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">What <paramref name="signIn"/> refuses.</exception>
    public Task<Entry> SignInAsync(HttpContext http, Func<Task<User?>> who, Func<Task<Entry>> signIn, CancellationToken ct) => TellAsync(http, who, signIn, entry => entry, null, ct);

    /// <summary>The same for a sign-in by a provider, which names nobody where it refuses.</summary>
    /// <param name="http">The request.</param>
    /// <param name="provider">Key of the provider.</param>
    /// <param name="signIn">Asks the provider.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">What <paramref name="signIn"/> refuses.</exception>
    public Task<ProviderOutcome> SignInByProviderAsync(HttpContext http, string provider, Func<Task<ProviderOutcome>> signIn, CancellationToken ct) =>
        TellAsync(http, () => Task.FromResult<User?>(null), signIn, outcome => outcome.Entry, new { provider }, ct);

    private async Task<T> TellAsync<T>(HttpContext http, Func<Task<User?>> who, Func<Task<T>> signIn, Func<T, Entry?> entryOf, object? details, CancellationToken ct)
    {
        // Whoever is refused may not be found any more afterwards.
        var user = await who();
        try
        {
            var outcome = await signIn();
            if (entryOf(outcome) is { Organisation: { } organisation } entry) await NoteInAsync(organisation, http, AuditOperations.SignIn, entry.User.Id, details, ct);
            return outcome;
        }
        catch (XrmException refused) when (refused.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests)
        {
            user ??= await who();
            await NoteAsync(http, refused.Status == StatusCodes.Status429TooManyRequests ? AuditOperations.SignInLocked : AuditOperations.SignInFailed, user?.Id, details, ct);
            throw;
        }
    }
}
