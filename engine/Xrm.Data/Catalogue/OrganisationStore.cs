using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>What an organisation is at. The words are stored.</summary>
public static class OrganisationState
{
    /// <summary>Its schema is being made.</summary>
    public const string Creating = "creating";

    /// <summary>It could not be made; nothing is left but the reason.</summary>
    public const string Failed = "failed";

    /// <summary>Its members work in it.</summary>
    public const string Active = "active";

    /// <summary>Nobody works in it, and nothing does by itself.</summary>
    public const string Suspended = "suspended";

    /// <summary>As suspended, until its schema goes.</summary>
    public const string Deleting = "deleting";
}

/// <summary>An organisation.</summary>
/// <param name="Name">Its name: lower-case letters, digits and underscores; its schema is that behind <c>org_</c>.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="HostNames">Hosts that lead to it.</param>
/// <param name="State">One of <see cref="OrganisationState"/>.</param>
/// <param name="Progress">What its creation is at, or what ended it; null otherwise.</param>
/// <param name="DeleteAfter">UTC time from which on its schema is dropped; null where it is not being deleted.</param>
/// <param name="CreatedAt">UTC time at which it was made.</param>
[method: ExplicitConstructor]
public sealed record Organisation(string Name, string DisplayName, string[] HostNames, string State, string? Progress, DateTime? DeleteAfter, DateTime CreatedAt)
{
    /// <summary>People can sign in to it, be it only to be told that it is suspended.</summary>
    public bool IsOpen => State is OrganisationState.Active or OrganisationState.Suspended or OrganisationState.Deleting;
}

/// <summary>An organisation to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="HostNames">Hosts that lead to it.</param>
public sealed record NewOrganisation(string Name, string DisplayName, string[] HostNames);

/// <summary>How large an organisation is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">People and service accounts that are active in it.</param>
/// <param name="Bytes">Size of its tables and indexes.</param>
public sealed record OrganisationSize(string Name, long Members, long Bytes);

/// <summary>The organisations of the installation.</summary>
public sealed class OrganisationStore(Database database)
{
    private const string Select = """
        select name, coalesce(display_name, name) as DisplayName, host_names as HostNames, state, progress, delete_after as DeleteAfter, created_at as CreatedAt from xrm.organisation
        """;

    /// <summary>All organisations, by name.</summary>
    public async Task<ImmutableArray<Organisation>> ListAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Organisation>(new CommandDefinition($"{Select} order by name", cancellationToken: ct))];
    }

    /// <summary>The organisation of that name, or null.</summary>
    public async Task<Organisation?> FindAsync(string name, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Organisation>(new CommandDefinition($"{Select} where name = @name", new { name }, cancellationToken: ct));
    }

    /// <summary>How large the organisations are, by name. Looks at the catalogue of the database alone, not into their tables.</summary>
    public async Task<ImmutableArray<OrganisationSize>> SizesAsync(CancellationToken ct)
    {
        const string text = """
            select o.name, (select count(*) from xrm.member m where m.organisation = o.name and m.is_active) as Members,
                   coalesce((select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = o.schema and c.relkind = 'r'), 0)::bigint as Bytes
            from xrm.organisation o
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<OrganisationSize>(new CommandDefinition(text, cancellationToken: ct))];
    }

    /// <summary>Takes a name for an organisation that is about to be made. One that could not be made gives its name away.</summary>
    /// <returns>False where the name, or one of the hosts, is taken.</returns>
    public async Task<bool> ReserveAsync(NewOrganisation organisation, CancellationToken ct) => await database.ExecuteAsync($"""
        insert into xrm.organisation (name, schema, display_name, host_names, state)
        select @Name, 'org_' || @Name, @DisplayName, @HostNames, '{OrganisationState.Creating}'
        where not exists (select from xrm.organisation where host_names && @HostNames and name <> @Name)
        on conflict (name) do update set display_name = excluded.display_name, host_names = excluded.host_names, state = excluded.state, progress = null, created_at = now()
        where organisation.state = '{OrganisationState.Failed}'
        """, organisation, ct) == 1;

    /// <summary>Tells how far the making of an organisation has come.</summary>
    public Task ProgressAsync(string name, string progress, CancellationToken ct) =>
        database.ExecuteAsync($"update xrm.organisation set progress = @progress where name = @name and state = '{OrganisationState.Creating}'", new { name, progress }, ct);

    /// <summary>Moves an organisation on, where it is in the state that is thought.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="from">State in which it must be.</param>
    /// <param name="to">State that it gets; not <see cref="OrganisationState.Deleting"/>.</param>
    /// <param name="progress">What is to be told of that; null for nothing.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>False where it was in another state.</returns>
    public async Task<bool> MoveAsync(string name, string from, string to, string? progress, CancellationToken ct) => await database.ExecuteAsync(
        "update xrm.organisation set state = @to, progress = @progress, delete_after = null where name = @name and state = @from", new { name, from, to, progress }, ct) == 1;

    /// <summary>Has a suspended organisation deleted after a while.</summary>
    /// <returns>False where it is not suspended.</returns>
    public async Task<bool> DeleteLaterAsync(string name, TimeSpan grace, CancellationToken ct) => await database.ExecuteAsync($"""
        update xrm.organisation set state = '{OrganisationState.Deleting}', delete_after = now() + @grace where name = @name and state = '{OrganisationState.Suspended}'
        """, new { name, grace }, ct) == 1;

    /// <summary>Changes what people see of an organisation, and the hosts that lead to it.</summary>
    /// <returns>False where another has one of the hosts.</returns>
    public async Task<bool> ChangeAsync(string name, string displayName, string[] hostNames, CancellationToken ct) => await database.ExecuteAsync("""
        update xrm.organisation set display_name = @displayName, host_names = @hostNames where name = @name
        and not exists (select from xrm.organisation o where o.host_names && @hostNames and o.name <> @name)
        """, new { name, displayName, hostNames }, ct) == 1;
}
