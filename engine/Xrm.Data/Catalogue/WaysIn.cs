using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>What came of the wish to remove a way to sign in.</summary>
public enum Removal
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>There was none.</summary>
    Unknown,

    /// <summary>It stays: the user would have no other way to sign in.</summary>
    LastWayIn,
}

/// <summary>The ways in which somebody can sign in: a password, passkeys, accounts elsewhere.</summary>
internal static class WaysIn
{
    private const string Lock = "select from xrm.\"user\" where id = @userId for update";

    private const string HasAnother = """
        select (select count(*) from xrm."user" where id = @userId and password_hash is not null)
            + (select count(*) from xrm.passkey where user_id = @userId) + (select count(*) from xrm.external_identity where user_id = @userId) > 1
        """;

    /// <summary>Removes a passkey or an account elsewhere, except where it is the last way to sign in.</summary>
    /// <param name="database">The catalogue.</param>
    /// <param name="one">The way: <c>from … where …</c> with <c>@userId</c> and <c>@id</c>.</param>
    /// <param name="userId">Whose it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Cancels the call.</param>
    public static Task<Removal> RemoveAsync(Database database, string one, Guid userId, object id, CancellationToken ct) => database.InTransactionAsync(async (transaction, cancelled) =>
    {
        var connection = transaction.Connection!;
        // A statement of its own: of two who remove the last two, the second must see what the first has done.
        await connection.ExecuteAsync(Command(Lock));
        if (!await connection.ExecuteScalarAsync<bool>(Command($"select exists (select {one})"))) return Removal.Unknown;
        if (!await connection.ExecuteScalarAsync<bool>(Command(HasAnother))) return Removal.LastWayIn;
        await connection.ExecuteAsync(Command($"delete {one}"));
        return Removal.Removed;

        CommandDefinition Command(string sql) => new(sql, new { userId, id }, transaction, cancellationToken: cancelled);
    }, null, ct);
}
