using Npgsql;
using Xrm.Data.Auditing;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Audit;

/// <summary>Whoever has the database in their hands changes the audit in every way that there is; the proof names each.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("audit-chain", new PackageBuilder().EntityWith("deal", "\"features\": [\"audit\"]", """{ "name": "price", "type": "integer" }""").Files());
        _client = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_audit_that_nobody_touched_is_proved_and_gives_its_head()
    {
        var empty = await VerifyAsync();
        Assert.Equal((true, null, 0L), (empty.IsIntact, empty.Head, empty.Entries));
        await DealsAsync(2);
        Assert.Equal(2, (await VerifyAsync()).Unsealed);
        Assert.Equal(2, await SealAsync());
        Assert.Equal(0, await SealAsync());
        var first = await VerifyAsync();
        Assert.Equal((true, 2L, 0L, 1L), (first.IsIntact, first.Entries, first.Unsealed, first.Seals));
        await DealsAsync(1);
        await SealAsync();
        var second = await VerifyAsync(first.Head);
        Assert.Equal((true, 3L, 2L), (second.IsIntact, second.Entries, second.Seals));
        Assert.NotEqual(first.Head, second.Head);
        Assert.Equal(64, second.Head!.Length);
    }

    [Theory]
    [InlineData("changes", "'{\"price\":[1,2000]}'")]
    [InlineData("by_user", "gen_random_uuid()")]
    [InlineData("operation", "'delete'")]
    [InlineData("cause", "'{\"kind\":\"rule\",\"id\":\"x\"}'")]
    [InlineData("source", "'screen'")]
    [InlineData("address", "'10.1.2.3'")]
    [InlineData("record_id", "gen_random_uuid()")]
    [InlineData("entity", "'other'")]
    public async Task A_changed_value_is_seen_and_named(string column, string value)
    {
        var deal = (await DealsAsync(3))[1];
        await SealAsync();
        await ExecuteAsync($"update org_main._audit set {column} = {value} where record_id = '{deal}'");
        var report = await VerifyAsync();
        var finding = Assert.Single(report.Findings);
        Assert.Equal((AuditFinding.EntryChanged, 1L, "deal", Guid.Parse(deal)), (finding.Kind, finding.Seal!.Value, finding.Entity!, finding.RecordId!.Value));
        Assert.Matches($"^org_main, [0-9]{{4}}-[0-9]{{2}}, seal 1: the entry .* about deal {deal} was changed after it was sealed\\.$", finding.Message);
    }

    [Fact]
    public async Task A_moved_time_is_seen()
    {
        await DealsAsync(1);
        await SealAsync();
        await ExecuteAsync("update org_main._audit set at = at + interval '1 second'");
        Assert.Equal([AuditFinding.EntryRemoved, AuditFinding.EntryAdded], (await VerifyAsync()).Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public async Task A_removed_row_is_seen_and_named()
    {
        var deal = (await DealsAsync(3))[2];
        await SealAsync();
        await ExecuteAsync($"delete from org_main._audit where record_id = '{deal}'");
        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal((AuditFinding.EntryRemoved, Guid.Parse(deal)), (finding.Kind, finding.RecordId!.Value));
    }

    [Fact]
    public async Task A_row_removed_together_with_what_its_seal_remembers_is_seen()
    {
        var deal = (await DealsAsync(3))[2];
        await SealAsync();
        await ExecuteAsync($"delete from org_main._audit where record_id = '{deal}'; delete from org_main._audit_digest where record_id = '{deal}'");
        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal((AuditFinding.SealChanged, 1L), (finding.Kind, finding.Seal!.Value));
        Assert.Contains("covers 3 entries, but 2 are remembered", finding.Message);
    }

    [Fact]
    public async Task A_row_that_was_put_in_is_seen_whatever_it_pretends()
    {
        await DealsAsync(2);
        await SealAsync();
        await ExecuteAsync("insert into org_main._audit (id, at, entity, record_id, operation, xid) select gen_random_uuid(), at, entity, record_id, 'update', xid from org_main._audit limit 1");
        Assert.Equal([AuditFinding.EntryAdded], (await VerifyAsync()).Findings.Select(finding => finding.Kind));
        await SealAsync();
        Assert.Equal([AuditFinding.EntryAdded], (await VerifyAsync()).Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public async Task A_row_of_last_month_that_was_written_today_is_seen()
    {
        await DealsAsync(1);
        await SealAsync();
        await ExecuteAsync("insert into org_main._audit (id, at, entity, record_id, operation) select gen_random_uuid(), at - interval '30 days', entity, record_id, 'update' from org_main._audit limit 1");
        await SealAsync();
        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal(AuditFinding.EntryAdded, finding.Kind);
        Assert.Contains("was not there when seal 1 was made", finding.Message);
    }

    [Theory]
    [InlineData("hash = sha256('x')")]
    [InlineData("sealed_at = sealed_at - interval '1 day'")]
    [InlineData("lineage = 'other'")]
    [InlineData("entries = entries + 1")]
    public async Task A_changed_seal_is_seen(string change)
    {
        await DealsAsync(1);
        await SealAsync();
        await DealsAsync(1);
        await SealAsync();
        await ExecuteAsync($"update org_main._audit_seal set {change} where number = 1");
        var report = await VerifyAsync();
        Assert.False(report.IsIntact);
        Assert.All(report.Findings, finding => Assert.Equal(AuditFinding.SealChanged, finding.Kind));
        Assert.Contains(report.Findings, finding => finding.Seal == 1);
    }

    [Fact]
    public async Task An_entry_that_was_changed_with_its_digest_breaks_its_seal()
    {
        await DealsAsync(2);
        await SealAsync();
        await ExecuteAsync($"update org_main._audit set operation = 'delete'; update org_main._audit_digest d set digest = {Digest} from org_main._audit a where a.at = d.at and a.id = d.id");
        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal((AuditFinding.SealChanged, 1L), (finding.Kind, finding.Seal!.Value));
    }

    [Fact]
    public async Task A_seal_taken_out_of_the_middle_is_seen()
    {
        for (var seal = 0; seal < 3; seal++)
        {
            await DealsAsync(1);
            await SealAsync();
        }
        await ExecuteAsync("delete from org_main._audit_seal where number = 2");
        Assert.Equal([AuditFinding.SealRemoved, AuditFinding.SealRemoved], (await VerifyAsync()).Findings.Select(finding => finding.Kind));
        await ExecuteAsync("delete from org_main._audit a using org_main._audit_digest d where d.at = a.at and d.id = a.id and d.seal = 2; delete from org_main._audit_digest where seal = 2");
        Assert.Equal("Seal 2 is missing.", Assert.Single((await VerifyAsync()).Findings).Message);
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_seen_by_whoever_remembers_the_head()
    {
        await DealsAsync(1);
        await SealAsync();
        await DealsAsync(1);
        await SealAsync();
        var head = (await VerifyAsync()).Head;
        await ExecuteAsync("delete from org_main._audit_seal where number = 2");
        Assert.Equal("Seal 2 was removed: 1 entries are remembered for it.", Assert.Single((await VerifyAsync()).Findings).Message);
        await ExecuteAsync("delete from org_main._audit a using org_main._audit_digest d where d.at = a.at and d.id = a.id and d.seal = 2; delete from org_main._audit_digest where seal = 2");
        Assert.True((await VerifyAsync()).IsIntact);
        Assert.Equal(AuditFinding.HeadMissing, Assert.Single((await VerifyAsync(head)).Findings).Kind);
    }

    [Fact]
    public async Task A_chain_written_anew_is_seen_by_whoever_remembers_the_head()
    {
        await DealsAsync(2);
        await SealAsync();
        var head = (await VerifyAsync()).Head;
        await ExecuteAsync("delete from org_main._audit_seal; delete from org_main._audit_digest; update org_main._audit set operation = 'delete'");
        await SealAsync();
        Assert.True((await VerifyAsync()).IsIntact);
        Assert.Equal(AuditFinding.HeadMissing, Assert.Single((await VerifyAsync(head)).Findings).Kind);
    }

    [Fact]
    public async Task Transactions_that_end_late_are_sealed_once_and_hold_up_nobody()
    {
        await using var slow = new NpgsqlConnection(_server.Database.ConnectionString);
        await slow.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("insert into org_main._audit (id, entity, record_id, operation) values (gen_random_uuid(), 'deal', gen_random_uuid(), 'create')", slow, transaction)) await command.ExecuteNonQueryAsync();
        await DealsAsync(2);
        Assert.Equal(2, await SealAsync());
        await transaction.CommitAsync();
        await DealsAsync(1);
        Assert.Equal(2, await SealAsync());
        Assert.Equal(0, await SealAsync());
        var report = await VerifyAsync();
        Assert.Equal((true, 4L, 0L), (report.IsIntact, report.Entries, report.Unsealed));
    }

    [Fact]
    public async Task Nodes_that_seal_at_the_same_time_do_not_seal_twice()
    {
        await DealsAsync(20);
        var sealedNow = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(SealAsync)));
        Assert.Equal(20, sealedNow.Sum() + await SealAsync());
        Assert.Equal((true, 20L), ((await VerifyAsync()).IsIntact, (await VerifyAsync()).Entries));
    }

    [Fact]
    public async Task A_database_that_was_copied_by_its_rows_goes_on_with_its_chain()
    {
        await DealsAsync(2);
        await SealAsync();
        // In the copy, numbers of transactions begin anew: those of the rows lie in its future.
        await ExecuteAsync("update org_main._audit set xid = '900000000000'");
        await DealsAsync(1);
        Assert.Equal(0, await ScalarAsync("select count(*) from org_main._audit_seal where lineage = 'original'"));
        await ExecuteAsync("update org_main._audit_seal set lineage = 'original'");
        Assert.Equal(1, await SealAsync());
        Assert.Equal(0, await SealAsync());
        await DealsAsync(1);
        Assert.Equal(1, await SealAsync());
        // The pretended origin is a change of the first seal, and the only one.
        Assert.Equal([1L], (await VerifyAsync()).Findings.Select(finding => finding.Seal!.Value));
    }

    [Fact]
    public async Task A_head_that_is_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<Xrm.Data.Errors.XrmException>(() => VerifyAsync("abc"));
        Assert.Equal((400, "invalid_hash"), (refused.Status, refused.Code));
    }

    private const string Digest = "sha256(convert_to(json_build_array('xrm-audit-2', a.id, (extract(epoch from a.at) * 1000000)::bigint, a.entity, a.record_id, a.operation, a.by_user, a.cause::text, encode(sha256(convert_to(a.salt::text || coalesce(a.changes, '~'), 'UTF8')), 'hex'), a.source, a.address)::text, 'UTF8'))";

    private async Task<List<string>> DealsAsync(int count)
    {
        var ids = new List<string>();
        for (var number = 0; number < count; number++) ids.Add(await _client.CreateAsync("deals", $$"""{ "title": "deal {{number}}", "price": {{number}} }"""));
        return ids;
    }

    private Task<long> SealAsync() => _server.Get<AuditSealer>().SealAsync(CancellationToken.None);

    private Task<AuditReport> VerifyAsync(string? head = null) => _server.Get<AuditVerifier>().VerifyAsync(head, (_, _) => { }, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
