using Dapper;
using System.Globalization;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Data;

/// <summary>The PostgreSQL database and the schema of one organisation in it.</summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>Schema of the catalogue: organisations, users, sessions, jobs.</summary>
    public const string Catalogue = "xrm";

    /// <summary>Name of the organisation that every installation has, and from which it is administered.</summary>
    public const string Home = "main";

    /// <summary>Oldest major version of PostgreSQL that the engine works with.</summary>
    public const int OldestVersion = 15;

    /// <summary>Newest major version that it was tested with.</summary>
    public const int NewestVersion = 18;

    /// <summary>Work without a limit is little at a time, and leaves the connections of requests alone.</summary>
    private const int MostPatient = 20;

    /// <summary>What the schema of each organisation begins with; its name follows.</summary>
    private const string SchemaPrefix = "org_";

    private readonly NpgsqlDataSource _patient;
    private readonly SharedTrips _shared;
    private readonly bool _ownsPools;

    /// <summary>Makes pools of connections; connects to nothing yet.</summary>
    /// <param name="connectionString">Npgsql connection string. What it says wins over the defaults set here.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="limits">How long statements may take; null for the usual limits.</param>
    public Database(string connectionString, string schema = SchemaPrefix + Home, StatementLimits? limits = null)
    {
        limits ??= new StatementLimits();
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // One statement text per query shape: preparing the common ones saves the server their parsing and planning.
        if (!settings.ShouldSerialize("Max Auto Prepare")) settings.MaxAutoPrepare = 200;
        if (!settings.ShouldSerialize("Application Name")) settings.ApplicationName = "xrm";
        // Nothing here leaves settings, locks or listeners on a connection that it gives back, so that there is nothing to reset.
        if (!settings.ShouldSerialize("No Reset On Close")) settings.NoResetOnClose = true;
        settings.Multiplexing = false;
        ConnectionString = settings.ConnectionString;
        Schema = schema;
        Organisation = schema.StartsWith(SchemaPrefix, StringComparison.Ordinal) ? schema[SchemaPrefix.Length..] : schema;
        _shared = new SharedTrips(schema);
        _ownsPools = true;
        Source = RequestSource(new NpgsqlConnectionStringBuilder(ConnectionString), limits.Requests);
        _patient = PatientSource(new NpgsqlConnectionStringBuilder(ConnectionString), limits.Background);
    }

    private Database(Database pools, string organisation)
    {
        ConnectionString = pools.ConnectionString;
        Organisation = organisation;
        Schema = SchemaPrefix + organisation;
        _shared = new SharedTrips(Schema);
        (Source, _patient) = (pools.Source, pools._patient);
    }

    /// <summary>Name of the organisation, e.g. <c>main</c>.</summary>
    public string Organisation { get; }

    /// <summary>Schema of the organisation, unquoted, e.g. <c>org_main</c>.</summary>
    public string Schema { get; }

    /// <summary>The pool for requests. The server itself ends statements that take longer than any request may, should nobody else do it.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>The connection string with this class's defaults; contains the password.</summary>
    public string ConnectionString { get; }

    /// <summary>The schema of another organisation over the same pools, which stay with this one: many organisations do not mean many connections.</summary>
    /// <param name="organisation">Its name.</param>
    public Database For(string organisation) => new(this, organisation);

    /// <summary>An open connection; dispose it to give it back.</summary>
    /// <exception cref="XrmException"><c>database_unavailable</c> (503) where the database cannot be reached.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct) => OpenAsync(Source, ct);

    /// <summary>An open connection for work that may take long: exports, publishes, what is done in the background; dispose it to give it back.</summary>
    /// <exception cref="XrmException"><c>database_unavailable</c> (503) where the database cannot be reached.</exception>
    public ValueTask<NpgsqlConnection> OpenPatientAsync(CancellationToken ct) => OpenAsync(_patient, ct);

    /// <summary>Lets connections go as soon as nobody uses them: what they have prepared may have other columns by now.</summary>
    public void Renew()
    {
        Source.Clear();
        _patient.Clear();
    }

    private static async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            return await source.OpenConnectionAsync(ct);
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Runs a statement that stands for itself.</summary>
    /// <param name="text">The statement.</param>
    /// <param name="arguments">Its parameters.</param>
    /// <param name="ct">Cancels it.</param>
    /// <returns>Number of rows that it has written.</returns>
    internal async Task<int> ExecuteAsync(string text, object arguments, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(text, arguments, cancellationToken: ct));
    }

    /// <summary>
    /// Runs work of the background in one transaction, which is committed when the work ends without an exception and rolled back otherwise.
    /// </summary>
    /// <typeparam name="T">What the work gives back.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="model">Model that names fields in errors; null outside data requests.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="XrmException">What the database refused, in the sender's terms.</exception>
    public Task<T> InTransactionAsync<T>(Func<NpgsqlTransaction, CancellationToken, Task<T>> work, Model? model, CancellationToken ct) =>
        ConnectedAsync(_patient, async (connection, ct) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var result = await work(transaction, ct);
            await transaction.CommitAsync(ct);
            return result;
        }, model, ct);

    /// <summary>As <see cref="InTransactionAsync"/>, for work on records: its last statements travel together with the commit.</summary>
    /// <typeparam name="T">What the work gives back.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="published">The model of the records.</param>
    /// <param name="limit">Longest time for each statement, zero for none; null for work of the background.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="XrmException">What the database refused, in the sender's terms.</exception>
    public Task<T> InRecordTransactionAsync<T>(Func<RecordTransaction, CancellationToken, Task<T>> work, PublishedModel published, TimeSpan? limit, CancellationToken ct) =>
        ConnectedAsync(limit is null ? _patient : Source, async (connection, ct) =>
        {
            await using var records = new RecordTransaction(connection, Schema, published, _shared, limit);
            var result = await work(records, ct);
            await records.CommitAsync(ct);
            return result;
        }, published.Model, ct);

    private static async Task<T> ConnectedAsync<T>(NpgsqlDataSource source, Func<NpgsqlConnection, CancellationToken, Task<T>> work, Model? model, CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            return await work(connection, ct);
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception, model) is { } known && !ReferenceEquals(known, exception))
        {
            throw known;
        }
    }

    /// <summary>True where the database answers within a second or two.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await OpenAsync(ct);
            await using var command = new NpgsqlCommand("select 1", connection) { CommandTimeout = 2 };
            await command.ExecuteScalarAsync(ct);
            return true;
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception) is not null)
        {
            return false;
        }
    }

    /// <summary>Refuses a server that the engine does not know.</summary>
    /// <exception cref="XrmException"><c>database_version</c>: it is older than PostgreSQL 15 or newer than 18; or it cannot be reached.</exception>
    public async Task CheckVersionAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        if (connection.PostgreSqlVersion.Major is var major && major is < OldestVersion or > NewestVersion)
            throw new XrmException("database_version", 500, $"The database is PostgreSQL {major}; versions {OldestVersion} to {NewestVersion} work.");
    }

    /// <summary>What the server calls itself, e.g. <c>PostgreSQL 18.4</c>.</summary>
    /// <exception cref="XrmException">The database cannot be reached.</exception>
    public async Task<string> ServerVersionAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return $"PostgreSQL {connection.PostgreSqlVersion}";
    }

    /// <summary>Closes all connections, unless they are another's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ownsPools) return;
        await Source.DisposeAsync();
        await _patient.DisposeAsync();
    }

    private static NpgsqlDataSource RequestSource(NpgsqlConnectionStringBuilder settings, TimeSpan limit)
    {
        // The later of two values holds: that of the connection string.
        if (limit > TimeSpan.Zero) settings.Options = string.Create(CultureInfo.InvariantCulture, $"-c statement_timeout={limit.TotalMilliseconds:0} {settings.Options}").TrimEnd();
        return NpgsqlDataSource.Create(settings);
    }

    private static NpgsqlDataSource PatientSource(NpgsqlConnectionStringBuilder settings, TimeSpan limit)
    {
        if (!settings.ShouldSerialize("Command Timeout")) settings.CommandTimeout = StatementLimit.Seconds(limit);
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, MostPatient);
        settings.MinPoolSize = 0;
        return NpgsqlDataSource.Create(settings);
    }
}
