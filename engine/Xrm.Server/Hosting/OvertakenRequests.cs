using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Hosting;

/// <summary>
/// Carries requests out once more that were begun by a model which a publish has replaced meanwhile, and that had to give up because of it: by the
/// new model, as if they had come a moment later.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="current">The model in force on this node, which may not have heard of the publish yet.</param>
internal sealed class OvertakenRequests(Database database, CurrentModel current)
{
    private const int MostTries = 3;

    /// <summary>Whether work was ended by a publish, and may be tried once more.</summary>
    /// <param name="refused">What ended it.</param>
    /// <param name="tried">How often it was tried.</param>
    public static bool MayTryAgain(XrmException refused, int tried) => refused.Code == XrmException.ModelChangedCode && tried < MostTries;

    /// <summary>Has this node go by the newest model.</summary>
    /// <exception cref="XrmException">503: the database cannot be reached.</exception>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        if (await current.LoadAsync(ct)) database.Renew();
    }

    /// <summary>Middleware before the routes.</summary>
    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                await next(http);
                return;
            }
            catch (XrmException overtaken) when (MayTryAgain(overtaken, tried) && !http.Response.HasStarted && RequestBody.CanReadAgain(http))
            {
                await CatchUpAsync(http.RequestAborted);
            }
        }
    }
}
