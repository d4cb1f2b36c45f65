using Npgsql;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Safety;

/// <summary>Whoever goes away leaves no work behind.</summary>
public sealed class CancellationTests(ReadServer server) : IClassFixture<ReadServer>
{
    [Theory]
    [InlineData("accounts?$orderby=name")]
    [InlineData("accounts/$count")]
    [InlineData("accounts?$apply=aggregate($count as n)")]
    [InlineData("accounts?$format=csv")]
    public async Task The_statement_of_a_client_that_goes_away_is_cancelled(string path)
    {
        await using var holder = await server.Application.Database.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table org_main.accounts in access exclusive mode", holder, transaction)) await hold.ExecuteNonQueryAsync();

        using var leaving = new CancellationTokenSource();
        var request = server.Client.Http.GetAsync($"/api/data/{path}", leaving.Token);
        await UntilAsync(waiting => waiting == 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        // The lock is still held: only a cancelled statement waits no longer.
        await UntilAsync(waiting => waiting == 0);
        await transaction.RollbackAsync();
        Assert.Equal(200, (await server.Client.GetAsync($"/api/data/accounts/{server.Account}")).Status);
    }

    private async Task UntilAsync(Func<long, bool> holds)
    {
        await Eventually.IsAsync(async () =>
        {
            await using var command = server.Application.Database.Source.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            return holds((long)(await command.ExecuteScalarAsync())!);
        });
    }
}
