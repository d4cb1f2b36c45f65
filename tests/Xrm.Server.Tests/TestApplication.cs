using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Publishing;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;
using Xrm.Scripting;
using Xrm.Server.Hosting;
using Xrm.Server.Organisations;
using Xrm.Server.Security;
using Xrm.Server.Security.Protection;
using Xrm.TestKit;

namespace Xrm.Server.Tests;

/// <summary>How a test wants its server; by default alone, without the work in the background.</summary>
public sealed record TestSettings
{
    /// <summary>Workflows, deliveries and mails move.</summary>
    public bool WorksInBackground { get; init; }

    /// <summary>Longest run of a script by the clock on the wall: long, so that a busy machine ends none.</summary>
    public TimeSpan ScriptTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Installation and data folder, with <c>plugins</c> and <c>plugins.json</c>; an empty one where null.</summary>
    public string? Folder { get; init; }

    /// <summary>The server may make a master key in its folder, as beside an embedded database.</summary>
    public bool IsEmbedded { get; init; } = true;

    /// <summary>Gets all that the server logs, at every level; null for nobody.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>The server's clock; the real one where null.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>What the environment says, such as <c>XRM_SMTP_HOST</c>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Turns the connection string of the database into the one that the server gets.</summary>
    public Func<string, string> Connection { get; init; } = own => own;
}

/// <summary>The real server on a free port, over a database of its own in which packages are published.</summary>
public sealed class TestApplication : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TestSettings _settings;
    private readonly DefectLog _defects = new();
    private WebApplication _app = null!;

    private TestApplication(TestDatabase database, TestSettings settings) => (_database, _settings) = (database, settings);

    /// <summary>Starts it.</summary>
    /// <param name="name">Names the packages; the published database is kept as a template under it.</param>
    /// <param name="packages">What to publish.</param>
    public static Task<TestApplication> StartAsync(string name, params PackageFiles[] packages) => StartAsync(new TestSettings(), name, packages);

    /// <summary>Starts it with settings.</summary>
    public static async Task<TestApplication> StartAsync(TestSettings settings, string name, params PackageFiles[] packages)
    {
        var hash = string.Join(',', packages.Select(package => package.Hash()));
        var database = await TestDatabase.CreateAsync($"{name} {hash}", async empty => await PublishAsync(empty, packages));
        var application = new TestApplication(database, settings);
        await application.StartAsync(settings.WorksInBackground);
        return application;
    }

    /// <summary>Stops the server.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Starts another server on the same database. Clients have to be made anew.</summary>
    public Task StartAgainAsync(bool worksInBackground) => StartAsync(worksInBackground);

    /// <summary>Starts one more server on the same database; dispose it before this one.</summary>
    public async Task<IAsyncDisposable> AddNodeAsync() => await BuildAsync(_settings.WorksInBackground);

    private async Task StartAsync(bool worksInBackground) => _app = await BuildAsync(worksInBackground);

    private async Task<WebApplication> BuildAsync(bool worksInBackground)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(_settings.Environment);
        builder.Logging.ClearProviders().AddProvider(_defects).SetMinimumLevel(_settings.Log is null ? LogLevel.Error : LogLevel.Trace);
        if (_settings.Log is { } log) builder.Logging.AddProvider(log);
        var folder = _settings.Folder ?? Directory.CreateTempSubdirectory("xrm-test").FullName;
        builder.Services.AddEngine(_settings.Connection(_database.ConnectionString), new Installation(folder), new MasterKeyPlace(folder, _settings.IsEmbedded));
        if (_settings.Time is { } time) builder.Services.AddSingleton(time);
        if (worksInBackground) builder.Services.AddBackgroundWork();
        // Of processor time scripts have what they always have. How long they wait for each other is not for a busy machine to decide.
        builder.Services.AddSingleton(_ => new ScriptEngine(new ScriptLimits { WaitingTime = _settings.ScriptTime }));
        builder.AddWeb();
        var app = builder.Build();
        app.UseWeb(new Installation(folder));
        await app.Services.GetRequiredService<CurrentModel>().LoadAsync(CancellationToken.None);
        await app.Services.GetRequiredService<OrganisationDirectory>().LoadAsync(CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    /// <summary>The database behind it.</summary>
    public Database Database => _database.Database;

    /// <summary>A service of the engine.</summary>
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A client that is signed in as a new user.</summary>
    /// <param name="roles">The user's roles; an administrator where there are none.</param>
    public Task<TestClient> ClientAsync(params string[] roles) => ClientAsync(Guid.CreateVersion7(), roles);

    /// <summary>A client that is signed in as a new user with that id.</summary>
    public async Task<TestClient> ClientAsync(Guid id, params string[] roles)
    {
        var token = Secrets.NewToken();
        await Get<UserStore>().AddAsync(new User(id, $"user{id:N}", "Test User", null, null, false, roles.Length == 0, true, 0, null), CancellationToken.None);
        await Get<UserStore>().SetRolesAsync(id, roles, CancellationToken.None);
        await Get<TokenStore>().AddAsync(Guid.CreateVersion7(), "test", Secrets.Hash(token), id, null, null, CancellationToken.None);
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new TestClient(http, id, _defects);
    }

    /// <summary>A browser that has no session yet: it keeps cookies, and says that its requests come from the server's own pages.</summary>
    /// <param name="cookies">Its cookies; new ones where null.</param>
    /// <param name="node">Address of another node; null for the first one.</param>
    public TestClient Browser(System.Net.CookieContainer? cookies = null, string? node = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies ?? new(), AllowAutoRedirect = false }) { BaseAddress = new Uri(node ?? _app.Urls.First()) };
        http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        http.DefaultRequestHeaders.Add("User-Agent", "Browser of a test");
        return new TestClient(http, Guid.Empty, _defects);
    }

    /// <summary>A program with an access token.</summary>
    public TestClient Program(string token)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new TestClient(http, Guid.Empty, _defects);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task PublishAsync(Database database, PackageFiles[] packages)
    {
        var store = new PackageStore(database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var publisher = new Publisher(database, store, loader, new CurrentModel(loader));
        var result = await publisher.PublishAsync(new PublishRequest(packages, new HashSet<string>(), null, Caller.System), [], _ => { }, CancellationToken.None);
        if (!result.Plan.Problems.IsEmpty) throw new InvalidOperationException(string.Join('\n', result.Plan.Problems));
    }
}

/// <summary>An answer with its JSON.</summary>
public sealed record Answer(int Status, JsonElement Json, HttpResponseMessage Message)
{
    /// <summary>A property as text; null where it is null or missing.</summary>
    public string? this[string name] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    /// <summary>Fields and codes of the errors: <c>title required, count wrong_type</c>.</summary>
    public string Errors => Json.ValueKind != JsonValueKind.Object || !Json.TryGetProperty("errors", out var errors) ? ""
        : string.Join(", ", errors.EnumerateArray().Select(error => $"{(error.TryGetProperty("field", out var at) ? at.GetString() : "-")} {error.GetProperty("code").GetString()}"));
}

/// <summary>A signed-in client.</summary>
public sealed class TestClient(HttpClient http, Guid userId, DefectLog defects)
{
    /// <summary>Id of the signed-in user.</summary>
    public Guid UserId => userId;

    /// <summary>What the server logged last of defects and outages.</summary>
    public string Defect => defects.Last;

    /// <summary>The client below.</summary>
    public HttpClient Http => http;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<Answer> PatchAsync(string path, string json, string? etag = null) => SendAsync(HttpMethod.Patch, path, json, etag);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Creates a record and gives its id.</summary>
    public async Task<string> CreateAsync(string collection, string json)
    {
        var answer = await PostAsync($"/api/data/{collection}", json);
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Json}");
        return answer["id"]!;
    }

    /// <summary>Sends a request. A defect (500) fails the test with what the server logged.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? json, string? etag = null, string? prefer = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-Match", etag);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if ((int)response.StatusCode == 500) throw new InvalidOperationException($"{method} {path} answered 500: {defects.Last}");
        var isJson = text.StartsWith('{') || text.StartsWith('[');
        return new Answer((int)response.StatusCode, isJson ? JsonDocument.Parse(text).RootElement : default, response);
    }
}

/// <summary>Keeps what the server logs of defects.</summary>
public sealed class DefectLog : ILoggerProvider, ILogger
{
    /// <summary>The last one.</summary>
    public string Last { get; private set; } = "";

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Last = $"{formatter(state, exception)} {exception}";
    }

    public void Dispose()
    {
    }
}
