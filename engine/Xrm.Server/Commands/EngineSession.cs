using System.Runtime.CompilerServices;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Organisations;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Commands;

/// <summary>The engine without the web server, for verbs that do one thing and end. Works beside a running server.</summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private readonly DatabaseHost _database;
    private readonly ServiceProvider _home;
    private ServiceProvider? _other;

    private EngineSession(DatabaseHost database, ServiceProvider home)
    {
        _database = database;
        _home = home;
    }

    /// <summary>Opens the database, brings the engine's own tables up to date and loads the published model.</summary>
    public static async Task<EngineSession> OpenAsync(ConnectionSettings settings, CancellationToken ct)
    {
        var database = await DatabaseHost.OpenAsync(settings, Progress, ct);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddSimpleConsole(options => options.SingleLine = true).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning))
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddEngine(database.ConnectionString, Installation.Find(), new MasterKeyPlace(settings.DataDirectory, database.IsEmbedded))
            .BuildServiceProvider();
        var session = new EngineSession(database, services);
        try
        {
            await session.Get<Migrations>().ApplyAsync(ct);
            await session.Get<OrganisationDirectory>().LoadAsync(ct);
            if (settings.Organisation is { } name && name != Data.Database.Home) await session.EnterAsync(name, ct);
            await session.Get<Data.CurrentModel>().LoadAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service of the engine.</summary>
    public T Get<T>() where T : notnull => (_other ?? _home).GetRequiredService<T>();

    /// <summary>Services of each organisation besides the home organisation, by its name, one after the other: they are closed before the next.</summary>
    public async IAsyncEnumerable<(string Name, IServiceProvider Services)> OthersAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var name in Get<OrganisationDirectory>().Open.Select(organisation => organisation.Name).Where(name => name != Data.Database.Home).Order(StringComparer.Ordinal))
        {
            await using var services = new ServiceCollection().AddOrganisation(_home, new ServedOrganisation(name, IsActive: false)).BuildServiceProvider();
            await services.GetRequiredService<Migrations>().ApplyAsync(ct);
            await services.GetRequiredService<Data.CurrentModel>().LoadAsync(ct);
            yield return (name, services);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_other is not null) await _other.DisposeAsync();
        await _home.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task EnterAsync(string name, CancellationToken ct)
    {
        if (Get<OrganisationDirectory>().Find(name) is null)
            throw new CommandFailedException(ExitCodes.Failed, $"There is no organisation '{name}'. There are: {string.Join(", ", Get<OrganisationDirectory>().Open.Select(organisation => organisation.Name).Order(StringComparer.Ordinal))}.");
        _other = new ServiceCollection().AddOrganisation(_home, new ServedOrganisation(name, IsActive: false)).BuildServiceProvider();
        await Get<Migrations>().ApplyAsync(ct);
    }

    // Standard output is for results alone.
    private static void Progress(string line) => Console.Error.WriteLine(line);
}
