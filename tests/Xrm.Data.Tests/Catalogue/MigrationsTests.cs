using Xrm.Data.Catalogue;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Catalogue;

public sealed class MigrationsTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Second_run_has_nothing_to_do() =>
        Assert.Empty(await new Migrations(test.Database).ApplyAsync(CancellationToken.None));

    [Fact]
    public async Task Organisations_get_tables_of_their_own()
    {
        await using var other = new Database(test.ConnectionString, "org_other");
        var applied = await new Migrations(other).ApplyAsync(CancellationToken.None);
        Assert.Contains("org_other/001_model_and_records", applied);
    }

    [Fact]
    public async Task Nodes_that_start_together_wait_for_one_another()
    {
        await using var other = new Database(test.ConnectionString, "org_together");
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrations(other).ApplyAsync(CancellationToken.None)));
        Assert.Single(runs, run => run.Length > 0);
    }
}
