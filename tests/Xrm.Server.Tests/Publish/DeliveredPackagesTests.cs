using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Publishing;
using Xrm.Data.Records;
using Xrm.Data.Rules;
using Xrm.Data.Workflows;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Scripting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xrm.Data.Outbox;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Features.Publish;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Plugins;
using Xrm.Server.Security.Protection;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

public sealed class DeliveredPackagesTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Delivered_packages_bring_their_rows_and_pass_their_tests()
    {
        var problems = await PublishAsync();
        Assert.Empty(problems.Select(problem => problem.ToString()));
        Assert.Equal(160, await CountAsync("select count(*) from org_main.accounts"));
        // Rates come before the amounts that need them.
        Assert.Equal(0, await CountAsync("select count(*) from org_main.accounts where annual_revenue is not null and annual_revenue_base is null"));
        Assert.Equal(0, await CountAsync("select count(*) from org_main.contracts where total <> (select coalesce(sum(amount), 0) from org_main.contract_lines where contract_id = contracts.id and active)"));
        Assert.Equal(0, await CountAsync("select count(*) from org_main.contracts where number is null or ends_on is null"));
    }

    private async Task<List<Problem>> PublishAsync()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "metadata", "packages"));
        var packages = await Task.WhenAll(folders.Select(folder => PackageReader.ReadAsync(folder, CancellationToken.None)));
        var store = new PackageStore(test.Database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var publisher = new Publisher(test.Database, store, loader, new CurrentModel(loader));
        using var scripts = new ScriptEngine();
        await using var provider = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var http = new ScriptHttp(provider.GetRequiredService<IHttpClientFactory>(), ScriptHosts.Read(new ConfigurationBuilder().Build()));
        var activity = new RuleActivity(new RuleSwitches(test.Database), new RuleCounts(test.Database, TimeProvider.System), TimeProvider.System);
        var services = new ScriptServices(new MailStore(test.Database, TimeProvider.System), http, new ScriptWaits(test.Database, NullLogger<ScriptWaits>.Instance), activity);
        using var protection = new SecretProtection(new MasterKeys(new ConfigurationBuilder().Build(), new MasterKeyPlace("", false), NullLogger<MasterKeys>.Instance), new ProtectionKeyStore(test.Database), NullLoggerFactory.Instance, TimeProvider.System);
        var pipeline = new SavePipeline(scripts, services, new PluginHost([], []), new StartWorkflows(new WorkflowRunStore(test.Database)), new StartScripts(new WorkflowRunStore(test.Database), activity), protection, NullLogger<SavePipeline>.Instance);
        var commands = new RecordCommands(pipeline);
        var trial = new ScriptTrial(scripts, services, pipeline, TimeProvider.System);
        var problems = new List<Problem>();
        // The rows twice: what is there already is not added again.
        var result = await publisher.PublishAsync(new PublishRequest(packages, FrozenSet<string>.Empty, null, Caller.System), [LoadAsync, LoadAsync, RunTestsAsync], _ => { }, CancellationToken.None);
        problems.AddRange(result.Plan.Problems);
        return problems;

        async Task LoadAsync(PublishStep step, CancellationToken ct)
        {
            problems.AddRange(await new SettingsRecords(commands, TimeProvider.System).AddAsync(Records(step), ct));
            problems.AddRange(await new StarterData(commands, TimeProvider.System).ApplyAsync(Records(step), step.Next.Model.Packages, ct));
        }

        async Task RunTestsAsync(PublishStep step, CancellationToken ct) =>
            problems.AddRange((await new PackageTests(commands, trial, new WorkflowRunStore(test.Database), new MailStore(test.Database, TimeProvider.System), TimeProvider.System).RunAsync(Records(step), step.Next.Model.Packages, _ => true, ct)).Where(test => !test.HasPassed).Select(test => test.ToProblem()));
    }

    private RecordTransaction Records(PublishStep step) => new(step.Transaction, test.Database.Schema, step.Next);

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(test.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
