using Npgsql;
using Xrm.Data.Outbox;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Outbox;

public sealed class RetentionTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    private static readonly DateTime Before = new(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Deliveries_go_when_they_are_done_or_given_up_for_long_and_never_while_they_wait()
    {
        await ExecuteAsync("""
            insert into org_main._delivery (event_id, receiver, event, at, entity, record_id, version, payload, done_at, dead_at)
            select n, name, 'created', '2026-01-01', 'x', gen_random_uuid(), 1, '{}', done, dead from (values
              (1, 'done old', '2026-01-01'::timestamptz, null::timestamptz), (2, 'done older', '2025-01-01', null), (3, 'done new', '2026-02-01', null),
              (4, 'dead old', null, '2026-01-01'), (5, 'dead new', null, '2026-02-01'), (6, 'waiting', null, null)) row (n, name, done, dead)
            """);
        var store = new DeliveryStore(test.Database);
        Assert.Equal(1, await store.ForgetDoneAsync(Before, 1, CancellationToken.None));
        Assert.Equal("dead new, dead old, done new, done old, waiting", await NamesAsync());
        Assert.Equal(1, await store.ForgetDoneAsync(Before, 10, CancellationToken.None));
        Assert.Equal(1, await store.ForgetDeadAsync(Before, 10, CancellationToken.None));
        Assert.Equal("dead new, done new, waiting", await NamesAsync());

        Task<string> NamesAsync() => TextAsync("select string_agg(receiver, ', ' order by receiver) from org_main._delivery");
    }

    [Fact]
    public async Task Mails_go_when_they_are_sent_or_given_up_for_long_and_never_while_they_wait()
    {
        await ExecuteAsync("""
            insert into org_main._mail (id, recipients, subject, body, sent_at, dead_at)
            select gen_random_uuid(), '{}', name, '', sent, dead from (values
              ('sent old', '2026-01-01'::timestamptz, null::timestamptz), ('sent new', '2026-02-01', null),
              ('dead old', null, '2026-01-01'), ('dead new', null, '2026-02-01'), ('waiting', null, null)) row (name, sent, dead)
            """);
        var store = new MailStore(test.Database, TimeProvider.System);
        await using (var holder = await test.Database.Source.OpenConnectionAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("select 1 from org_main._mail where subject = 'sent old' for update", holder, transaction)) await hold.ExecuteNonQueryAsync();
            Assert.Equal(0, await store.ForgetSentAsync(Before, 10, CancellationToken.None));
            await transaction.RollbackAsync();
        }
        Assert.Equal(1, await store.ForgetSentAsync(Before, 10, CancellationToken.None));
        Assert.Equal(1, await store.ForgetDeadAsync(Before, 10, CancellationToken.None));
        Assert.Equal("dead new, sent new, waiting", await TextAsync("select string_agg(subject, ', ' order by subject) from org_main._mail"));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = test.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> TextAsync(string sql)
    {
        await using var command = test.Database.Source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
