using Microsoft.Extensions.Logging.Abstractions;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Tests.Workflows;
using Xrm.Server.Tests.Writes;

namespace Xrm.Server.Tests.Jobs;

/// <summary>What is kept for a while only goes by itself.</summary>
public sealed class CleanUpTests
{
    [Fact]
    public async Task Server_removes_what_is_old_and_keeps_the_rest()
    {
        var settings = new TestSettings { Environment = new Dictionary<string, string?> { ["XRM_KEEP_DAYS_MAILS"] = "5", ["XRM_KEEP_DAYS_DELIVERIES"] = "0" } };
        await using var app = await TestApplication.StartAsync(settings, "sales", SalesPackage.Files());
        await ExecuteAsync(app, """
            insert into org_main._mail (id, recipients, subject, body, sent_at, dead_at) values
              (gen_random_uuid(), '{}', 'sent', '', now() - interval '6 days', null), (gen_random_uuid(), '{}', 'sent lately', '', now() - interval '4 days', null),
              (gen_random_uuid(), '{}', 'dead', '', null, now() - interval '91 days'), (gen_random_uuid(), '{}', 'dead lately', '', null, now() - interval '89 days');
            insert into org_main._delivery (event_id, receiver, event, at, entity, record_id, version, payload, done_at) values (1, 'kept for ever', 'created', now(), 'x', gen_random_uuid(), 1, '{}', '2000-01-01');
            insert into org_main._answered_request (user_id, key, hash, at) values (gen_random_uuid(), 'old', '', now() - interval '25 hours'), (gen_random_uuid(), 'new', '', now());
            insert into org_main._file (id, name, content_type, size, sha256, content, created_at) values (gen_random_uuid(), 'old', 'text/plain', 0, '', '', now() - interval '25 hours'), (gen_random_uuid(), 'new', 'text/plain', 0, '', '', now());
            insert into org_main._job (id, kind, collection, query, user_id, language, total, created_at, finished_at) values
              (gen_random_uuid(), 'delete', 'labels', 'old', gen_random_uuid(), 'en', 0, now(), now() - interval '31 days'), (gen_random_uuid(), 'delete', 'labels', 'new', gen_random_uuid(), 'en', 0, now(), now());
            insert into org_main._outbox (at, event, entity, record_id, version, payload) values (now() - interval '8 days', 'created', 'old', gen_random_uuid(), 1, '{}'), (now(), 'created', 'new', gen_random_uuid(), 1, '{}')
            """);
        await app.StopAsync();
        await app.StartAgainAsync(worksInBackground: true);
        await Eventually.IsAsync(async () => await LeftAsync(app) == "dead lately, sent lately | kept for ever | new | new | new | new");
    }

    [Fact]
    public async Task Clean_up_that_fails_or_has_much_to_do_keeps_no_other_waiting()
    {
        var order = new List<string>();
        var done = new TaskCompletionSource();
        using var loop = new CleanUp(
            [
                new Counted("failing", order, _ => throw new InvalidOperationException("broken")),
                new Counted("much", order, run => run < 3),
                new Counted("little", order, run => run == 3 && done.TrySetResult()),
            ],
            TimeProvider.System, NullLogger<CleanUp>.Instance);
        await loop.StartAsync(CancellationToken.None);
        await done.Task;
        await loop.StopAsync(CancellationToken.None);
        Assert.Equal(["failing", "much", "little", "failing", "much", "little", "failing", "much", "little"], order.Take(9));
    }

    private static Task<string> LeftAsync(TestApplication app) => TextAsync(app, """
        select concat_ws(' | ',
            (select string_agg(subject, ', ' order by subject) from org_main._mail), (select string_agg(receiver, ', ') from org_main._delivery),
            (select string_agg(key, ', ') from org_main._answered_request), (select string_agg(name, ', ') from org_main._file),
            (select string_agg(query, ', ') from org_main._job), (select string_agg(entity, ', ') from org_main._outbox))
        """);

    private static async Task ExecuteAsync(TestApplication app, string sql)
    {
        await using var command = app.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> TextAsync(TestApplication app, string sql)
    {
        await using var command = app.Database.Source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Counted(string name, List<string> order, Func<int, bool> run) : ICleanUp
    {
        private int _runs;

        public string What => name;

        public Task<bool> RunAsync(CancellationToken ct)
        {
            order.Add(name);
            return Task.FromResult(run(++_runs));
        }
    }
}
