using System.Diagnostics;
using Xrm.Data;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Server.Features.Publish;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;
using StarterData = Xrm.Server.Features.Publish.StarterData;

namespace Xrm.Server.Tests.Writes;

/// <summary>The packages that come with the product: their rows and tests.</summary>
public sealed class DeliveredPackagesTests
{
    [Fact]
    public async Task Starter_rows_come_in_once_and_package_tests_pass()
    {
        var packages = new List<PackageFiles>();
        foreach (var folder in Installation.Find().DefaultPackages) packages.Add(await PackageReader.ReadAsync(folder, CancellationToken.None));
        await using var app = await TestApplication.StartAsync("delivered", [.. packages]);

        var (first, took) = await StarterAsync(app);
        Assert.Equal([], first);
        var rows = app.Get<CurrentModel>().Value.Model.Packages.SelectMany(package => package.Data).ToList();
        var count = await CountAsync(app, rows.Select(file => file.Value.Entity));
        Assert.Equal(rows.Sum(file => file.Value.Rows.Length), count);
        Assert.True(took < TimeSpan.FromSeconds(60), $"{count} rows took {took.TotalSeconds:0.0} s.");

        var (second, _) = await StarterAsync(app);
        Assert.Equal([], second);
        Assert.Equal(count, await CountAsync(app, rows.Select(file => file.Value.Entity)));

        var failures = await InTransactionAsync(app, (records, ct) => new PackageTests(app.Get<RecordCommands>(), TimeProvider.System).RunAsync(records, records.Published.Model.Packages, ct));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task<(string[] Problems, TimeSpan Took)> StarterAsync(TestApplication app)
    {
        var started = Stopwatch.GetTimestamp();
        var problems = await InTransactionAsync(app, (records, ct) => new StarterData(app.Get<RecordCommands>(), TimeProvider.System).ApplyAsync(records, records.Published.Model.Packages, ct));
        return ([.. problems.Select(problem => problem.ToString())], Stopwatch.GetElapsedTime(started));
    }

    private static Task<IReadOnlyList<Problem>> InTransactionAsync(TestApplication app, Func<RecordTransaction, CancellationToken, Task<IReadOnlyList<Problem>>> work)
    {
        var published = app.Get<CurrentModel>().Value;
        return app.Database.InTransactionAsync((transaction, ct) => work(new RecordTransaction(transaction, app.Database.Schema, published), ct), published.Model, CancellationToken.None);
    }

    private static async Task<long> CountAsync(TestApplication app, IEnumerable<string> entities)
    {
        var total = 0L;
        await using var connection = await app.Database.OpenAsync(CancellationToken.None);
        foreach (var plural in entities.Distinct().Select(name => app.Get<CurrentModel>().Value.Model.FindEntity(name)!.Plural))
            total += (long)(await new Npgsql.NpgsqlCommand($"select count(*) from org_main.\"{plural}\"", connection).ExecuteScalarAsync())!;
        return total;
    }
}
