using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Commands;

/// <summary>The engine without the web server, for verbs that do one thing and end. Works beside a running server.</summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private readonly DatabaseHost _database;
    private readonly ServiceProvider _services;

    private EngineSession(DatabaseHost database, ServiceProvider services)
    {
        _database = database;
        _services = services;
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
    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    // Standard output is for results alone.
    private static void Progress(string line) => Console.Error.WriteLine(line);
}
