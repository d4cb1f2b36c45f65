using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Jobs;
using Xrm.Data.Outbox;
using Xrm.Data.Publishing;
using Xrm.Data.Records;
using Xrm.Data.Workflows;
using Xrm.Data;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Scripting;
using Xrm.Server.Features.Actions;
using Xrm.Server.Features.Audit;
using Xrm.Server.Features.Changes;
using Xrm.Server.Features.Data;
using Xrm.Server.Features.Deliveries;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Features.Mails;
using Xrm.Server.Features.Metadata;
using Xrm.Server.Features.Privacy;
using Xrm.Server.Features.Publish;
using Xrm.Server.Features.Rules;
using Xrm.Server.Features.Users;
using Xrm.Server.Features.Workflows;
using Xrm.Server.Features.Workflows.Steps;
using Xrm.Server.Organisations;
using Xrm.Server.Outgoing;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Plugins;
using Xrm.Server.Security;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Hosting;

/// <summary>Where an engine has its data.</summary>
/// <param name="ConnectionString">Npgsql connection string; contains the password.</param>
/// <param name="Installation">The installation.</param>
/// <param name="Keys">Where the master key lies, and other local settings.</param>
internal sealed record EnginePlace(string ConnectionString, Installation Installation, MasterKeyPlace Keys);

/// <summary>Composition of the engine of one organisation. Everything is a singleton: state lives in the database and in <see cref="CurrentModel"/>.</summary>
internal static class EngineServices
{
    private const int WorkflowRunners = 3;

    /// <summary>What every verb needs.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, string connectionString, Installation installation, MasterKeyPlace keys)
    {
        services.AddSingleton(keys);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new EnginePlace(connectionString, installation, keys)).AddOrganisations();
        services.AddMemoryCache(cache => cache.SizeLimit = 10_000);
        services.AddSingleton(provider => Limits.Statements(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new Database(connectionString, limits: provider.GetRequiredService<StatementLimits>()));
        services.AddSingleton<Migrations>().AddSingleton<MembershipReader>().AddIdentity();
        services.AddSingleton(new ModelCompiler(FieldTypeRegistry.Default));
        services.AddSingleton<OrganisationExport>().AddSingleton<PackageStore>().AddSingleton<ModelLoader>().AddSingleton<CurrentModel>().AddSingleton<ModelWatch>();
        services.AddSingleton<AuditLog>().AddSingleton<AuditTrail>().AddSingleton<AuditSealer>().AddSingleton<AuditVerifier>().AddSingleton<AuditMonths>().AddSingleton<AuditRetention>().AddSingleton<AuditReader>();
        services.AddSingleton<DeliveryStore>().AddSingleton<MailStore>().AddSingleton<WorkflowRunStore>();
        services.AddSingleton<ModelCheck>(provider => new RuleCheck(provider.GetRequiredService<ScriptEngine>(), provider.GetRequiredService<SecretProtection>()).RunAsync);
        services.AddSingleton<RemovalCheck>(provider => new RemovedMentions(provider.GetRequiredService<CurrentModel>()).FindAsync);
        services.AddSingleton<Publisher>().AddSingleton<IndexBuilds>().AddSingleton<Leftovers>().AddSingleton<PublishService>();
        services.AddSingleton<DesignRights>().AddSingleton<SettingsRecords>().AddSingleton<StarterData>().AddSingleton<PackageTests>().AddSingleton<UserMirror>().AddSingleton<Startup>();
        services.AddSingleton<WhereUsed>();
        services.AddSingleton<UserRecords>(provider => ct => provider.GetRequiredService<UserMirror>().RefreshAsync(provider.GetRequiredService<CurrentModel>().Value, ct));
        services.AddSingleton<StartWorkflows>().AddSingleton<StartScripts>().AddSingleton<PluginLoader>();
        services.AddSingleton(provider => provider.GetRequiredService<PluginLoader>().Load(installation.Plugins, Path.Combine(keys.DataDirectory, "plugins.json")));
        services.AddSingleton(provider => ScriptHosts.Read(provider.GetRequiredService<IConfiguration>())).AddSingleton<ScriptHttp>().AddSingleton<ScriptWaits>().AddSingleton<ScriptServices>().AddSingleton<ScriptTrial>().AddSingleton<ActionRuns>();
        services.AddHttpClient(ScriptHttp.ClientName).ConfigurePrimaryHttpMessageHandler(provider => OutgoingHttp.Handler(provider.GetRequiredService<ScriptHosts>().AllowPrivate)).RemoveAllLoggers();
        services.AddOutgoingHttp().AddLogRedaction();
        services.AddSingleton<UserAdministration>().AddSingleton<AccountEffects>().AddSingleton<TokenReminders>();
        services.AddJobs().AddDataWrites().AddRules().AddPrivacy();
        return services;
    }

    /// <summary>What the server does in the background.</summary>
    public static IServiceCollection AddBackgroundWork(this IServiceCollection services) =>
        services.AddSingleton<WorksInBackground>().AddHostedService<AnnouncementService>().AddHostedService<OrganisationWatch>().AddHostedService<OrganisationCleanUp>().AddOrganisationWork();

    /// <summary>What is done in the background for one organisation.</summary>
    public static IServiceCollection AddOrganisationWork(this IServiceCollection services)
    {
        services.AddSingleton(provider => MailSettings.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddHostedService<ModelWatchService>();
        services.AddHostedService<DeliveryDispatcher>();
        services.AddHostedService<MailSender>();
        services.AddHostedService<IndexBuildService>();
        services.AddHostedService<LeftoverService>();
        services.AddHostedService<RuleCountsService>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<AnsweredRequests>().AddCleanUps();
        services.AddSingleton<Templates>().AddSingleton<WorkflowSteps>();
        services.AddSingleton<IWorkflowStep, SetStep>().AddSingleton<IWorkflowStep, CreateStep>().AddSingleton<IWorkflowStep, EmailStep>();
        services.AddSingleton<IWorkflowStep, WaitStep>().AddSingleton<IWorkflowStep, ConditionStep>().AddSingleton<IWorkflowStep, ScriptStep>();
        // Several: a script that waits for another server holds up no other run.
        for (var runner = 0; runner < WorkflowRunners; runner++) services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<WorkflowRunner>(provider));
        services.AddSingleton<ScheduleStore>().AddHostedService<ScheduleRunner>();
        services.AddSingleton<JobPortion>().AddHostedService<JobRunner>();
        services.AddHostedService<PrivacyUpkeepService>().AddHostedService<TokenReminderService>();
        services.AddHostedService<AuditSealing>().AddHostedService<AuditUpkeep>();
        services.AddSingleton<RecurringWork>().AddHostedService<PluginJobs>();
        return services;
    }
}
