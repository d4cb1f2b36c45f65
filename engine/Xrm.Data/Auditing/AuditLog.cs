using Dapper;
using Npgsql;

namespace Xrm.Data.Auditing;

/// <summary>Writes what happens besides changes of records into the audit.</summary>
public sealed class AuditLog(Database database)
{
    private readonly string _insert = $"""
        insert into "{database.Schema}"._audit (id, at, entity, operation, by_user, changes, source, address)
        values (@Id, @At, @Entity, @Operation, @UserId, @DetailsJson, @Source, @Address)
        """;

    /// <summary>Writes an event at once.</summary>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached; nothing was written.</exception>
    public async Task NoteAsync(AuditEvent happened, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(_insert, happened, cancellationToken: ct));
    }

    /// <summary>Writes an event that exists when the transaction commits.</summary>
    public Task NoteAsync(NpgsqlTransaction transaction, AuditEvent happened, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(_insert, happened, transaction, cancellationToken: ct));
}

/// <summary>Something that happened, not to one record.</summary>
/// <param name="At">UTC time.</param>
/// <param name="Operation">One of <see cref="AuditOperations"/>.</param>
/// <param name="UserId">Who did it; null where nobody is known.</param>
/// <param name="Source">One of <see cref="AuditSources"/>.</param>
/// <param name="Address">IP address of the client; null where nobody asked over the network.</param>
/// <param name="DetailsJson">JSON object with what more is to be told; null for nothing. Never a secret.</param>
public sealed record AuditEvent(DateTime At, string Operation, Guid? UserId, string Source, string? Address, string? DetailsJson)
{
    /// <summary>Id of the entry.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Name of the entity that it is about; null for none.</summary>
    public string? Entity { get; init; }
}
