using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>
/// Keys by which secrets are encrypted, as ASP.NET Data Protection writes them. It asks for them without waiting for tasks, once in a day or so, and so
/// does this class.
/// </summary>
public sealed class ProtectionKeyStore(Database database)
{
    /// <summary>All of them, as XML; those that were revoked are among them, and the revocations.</summary>
    public IReadOnlyList<string> Read()
    {
        using var connection = database.Source.OpenConnection();
        return connection.Query<string>("select xml from xrm.protection_key order by created_at, name").AsList();
    }

    /// <summary>Keeps a key.</summary>
    /// <param name="name">Its name; one of the same name is replaced.</param>
    /// <param name="xml">The key.</param>
    public void Put(string name, string xml)
    {
        using var connection = database.Source.OpenConnection();
        connection.Execute("insert into xrm.protection_key (name, xml) values (@name, @xml) on conflict (name) do update set xml = excluded.xml", new { name, xml });
    }

    /// <summary>Encrypts all keys anew, at once.</summary>
    /// <param name="encrypt">Gives the new XML of a key, null for the one that it has.</param>
    /// <param name="ct">Cancels it; nothing is changed then.</param>
    /// <returns>How many were changed.</returns>
    public Task<int> ReplaceAsync(Func<string, string?> encrypt, CancellationToken ct) => database.InTransactionAsync(async (transaction, ct) =>
    {
        var connection = transaction.Connection!;
        var replaced = 0;
        foreach (var (name, xml) in await connection.QueryAsync<(string, string)>(new CommandDefinition("select name, xml from xrm.protection_key order by name for update", null, transaction, cancellationToken: ct)))
            if (encrypt(xml) is { } anew) replaced += await connection.ExecuteAsync(new CommandDefinition("update xrm.protection_key set xml = @anew where name = @name", new { name, anew }, transaction, cancellationToken: ct));
        return replaced;
    }, null, ct);
}
