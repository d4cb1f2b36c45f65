using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Xrm.Data.Catalogue;
using Xrm.Server.Features.Publish;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Organisations;

/// <summary>An organisation besides the home organisation: an application of its own, whose requests are handed over instead of coming from a port.</summary>
internal sealed class OrganisationHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HandedRequests _requests;

    private OrganisationHost(WebApplication app, HandedRequests requests, bool isActive) => (_app, _requests, IsActive) = (app, requests, isActive);

    /// <summary>People work in it, and it does work in the background where the process does.</summary>
    public bool IsActive { get; }

    /// <summary>Its container.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Makes the container, brings the tables up to date, loads the model and starts the work in the background.</summary>
    /// <param name="home">Services of the home organisation.</param>
    /// <param name="served">The organisation.</param>
    /// <param name="ct">Cancels the start.</param>
    public static async Task<OrganisationHost> StartAsync(IServiceProvider home, ServedOrganisation served, CancellationToken ct)
    {
        var requests = new HandedRequests();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddOrganisation(home, served, requests);
        var app = builder.Build();
        try
        {
            // Before its tables are brought up to date, which would make them anew where they are gone.
            if (await app.Services.GetRequiredService<OrganisationStore>().FindAsync(served.Name, ct) is not { IsOpen: true }) throw EntryOrganisation.Unknown(served.Name);
            await app.Services.GetRequiredService<Startup>().ResumeAsync(ct);
            app.UseOrganisation();
            await app.StartAsync(ct);
            return new OrganisationHost(app, requests, served.IsActive);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers a request.</summary>
    /// <param name="features">The request, as the server that took it has it.</param>
    public Task RunAsync(IFeatureCollection features) => _requests.RunAsync(features);

    /// <summary>Stops the work in the background, lets requests end for a while, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>The server of the application, for those who have a request already.</summary>
    private sealed class HandedRequests : IServer
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

        // What the home organisation has worked out for a request does not hold here.
        private static readonly HashSet<Type> Foreign =
        [
            typeof(IEndpointFeature), typeof(IRouteValuesFeature), typeof(IServiceProvidersFeature), typeof(IHttpAuthenticationFeature), typeof(IItemsFeature),
            typeof(IQueryFeature), typeof(IFormFeature), typeof(IRequestCookiesFeature), typeof(IResponseCookiesFeature),
        ];

        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Func<IFeatureCollection, Task>? _run;
        // One is the server itself.
        private int _running = 1;

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public async Task RunAsync(IFeatureCollection request)
        {
            var own = new FeatureCollection();
            foreach (var (type, feature) in request)
                if (!Foreign.Contains(type)) own[type] = feature;
            Interlocked.Increment(ref _running);
            try
            {
                await _run!(own);
            }
            finally
            {
                Leave();
            }
        }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        {
            _run = request => RunAsync(application, request);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Leave();
            return _ended.Task.WaitAsync(LongestWait, CancellationToken.None).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        public void Dispose()
        {
        }

        private static async Task RunAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection request) where TContext : notnull
        {
            var context = application.CreateContext(request);
            Exception? failure = null;
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception exception)
            {
                failure = exception;
                throw;
            }
            finally
            {
                application.DisposeContext(context, failure);
            }
        }

        private void Leave()
        {
            if (Interlocked.Decrement(ref _running) == 0) _ended.TrySetResult();
        }
    }
}
