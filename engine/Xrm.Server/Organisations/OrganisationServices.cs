using Microsoft.AspNetCore.Hosting.Server;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Hosting;
using Xrm.Server.Plugins;
using Xrm.Server.Security;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Organisations;

/// <summary>This process does work in the background, for every organisation that is active.</summary>
internal sealed class WorksInBackground;

/// <summary>Composition of the organisations: each has a container of its own, made alike, with a database that names its schema alone.</summary>
internal static class OrganisationServices
{
    /// <summary>What knows of all organisations. It is made in the home organisation, and shared with the others.</summary>
    public static IServiceCollection AddOrganisations(this IServiceCollection services)
    {
        services.AddSingleton(new ServedOrganisation(Database.Home, IsActive: true));
        services.AddSingleton<Announcements>().AddSingleton<OrganisationRemoval>().AddSingleton<ConcurrencyLimits>();
        return services.AddSingleton<OrganisationDirectory>().AddSingleton<OrganisationHosts>().AddSingleton<OrganisationNotices>().AddSingleton<OrganisationChanges>().AddSingleton<OrganisationCreation>().AddSingleton<OrganisationTemplates>();
    }

    /// <summary>The engine of another organisation. Whatever holds no data of an organisation is the home organisation's.</summary>
    /// <param name="services">Its container to be.</param>
    /// <param name="home">Services of the home organisation.</param>
    /// <param name="served">The organisation.</param>
    public static IServiceCollection AddOrganisation(this IServiceCollection services, IServiceProvider home, ServedOrganisation served)
    {
        var place = home.GetRequiredService<EnginePlace>();
        services.AddLogging().AddEngine(place.ConnectionString, place.Installation, place.Keys);
        // The later of two registrations holds.
        services.AddSingleton(served).AddSingleton(home.GetRequiredService<Database>().For(served.Name));
        services.Share<IConfiguration>(home).Share<ILoggerFactory>(home).Share<TimeProvider>(home).Share<CredentialEpoch>(home).Share<ConcurrencyLimits>(home);
        services.Share<ModelCompiler>(home).Share<PluginHost>(home).Share<ScriptEngine>(home).Share<MasterKeys>(home);
        return services.Share<Announcements>(home).Share<OrganisationDirectory>(home).Share<OrganisationHosts>(home).Share<OrganisationChanges>(home).Share<OrganisationCreation>(home).Share<OrganisationTemplates>(home);
    }

    /// <summary>The same, answering requests that are handed over, and working in the background where the home organisation does.</summary>
    /// <param name="services">Its container to be.</param>
    /// <param name="home">Services of the home organisation.</param>
    /// <param name="served">The organisation.</param>
    /// <param name="server">Takes the requests.</param>
    public static IServiceCollection AddOrganisation(this IServiceCollection services, IServiceProvider home, ServedOrganisation served, IServer server)
    {
        services.AddRoutingCore().AddOrganisation(home, served).AddWeb();
        if (served.IsActive && home.GetService<WorksInBackground>() is not null) services.AddOrganisationWork();
        return services.Share<RequestRates>(home).AddSingleton(server);
    }

    private static IServiceCollection Share<T>(this IServiceCollection services, IServiceProvider home) where T : class => services.AddSingleton(home.GetRequiredService<T>());
}
