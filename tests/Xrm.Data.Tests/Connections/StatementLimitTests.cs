using Npgsql;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Connections;

public sealed class StatementLimitTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Server_ends_statements_of_requests_that_nobody_else_ends()
    {
        await using var database = new Database(test.ConnectionString, limits: Limits(seconds: 1));
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand("select pg_sleep(60)", connection) { CommandTimeout = 0 };
        var ended = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.QueryCanceled, ended.SqlState);
    }

    [Theory]
    [InlineData(45, "", "45s", "0")]
    [InlineData(0, "", "0", "0")]
    [InlineData(45, ";Options=-c statement_timeout=7s", "7s", "7s")]
    public async Task Requests_and_work_without_a_limit_have_different_connections(int seconds, string written, string request, string patient)
    {
        await using var database = new Database(test.ConnectionString + written, limits: Limits(seconds));
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var other = await database.OpenPatientAsync(CancellationToken.None);
        Assert.Equal((request, patient), (await TimeoutAsync(connection), await TimeoutAsync(other)));
        Assert.Equal(0, other.CommandTimeout);
    }

    private static StatementLimits Limits(int seconds)
    {
        var limit = TimeSpan.FromSeconds(seconds);
        return new StatementLimits { People = limit, Services = limit, Administrators = limit };
    }

    private static async Task<object?> TimeoutAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("show statement_timeout", connection);
        return await command.ExecuteScalarAsync();
    }
}
