using Npgsql;
using Xrm.Data.Auditing;
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
    public async Task An_audit_of_early_versions_is_kept_and_goes_on_in_months()
    {
        await using var other = new Database(test.ConnectionString, "org_early");
        await new Migrations(other).ApplyAsync(CancellationToken.None);
        await using var connection = await other.OpenAsync(CancellationToken.None);
        await using var before = new NpgsqlCommand("""
            set search_path to org_early;
            drop table _audit, _audit_name, _audit_field_name, _audit_seal, _audit_digest;
            drop function _make_audit_months, _audit_entity;
            create table _audit (id uuid primary key, at timestamptz not null default now(), entity text not null, record_id uuid not null, operation text not null, by_user uuid, cause jsonb, changes text);
            create index on _audit (record_id, at);
            insert into _audit (id, at, entity, record_id, operation) values (gen_random_uuid(), now() - interval '2 years', 'deal', gen_random_uuid(), 'create'), (gen_random_uuid(), now(), 'deal', gen_random_uuid(), 'update');
            drop table _secret, _job_file, _job_record, _erasure;
            delete from xrm.migration where scope = 'org_early' and number in (14, 16);
            reset search_path;
            """, connection);
        await before.ExecuteNonQueryAsync();
        Assert.Equal(["org_early/014_audit", "org_early/016_privacy"], (await new Migrations(other).ApplyAsync(CancellationToken.None)).AsEnumerable());
        await using var after = new NpgsqlCommand("""
            insert into org_early._audit (id, at, operation) values (gen_random_uuid(), now(), 'sign_in'), (gen_random_uuid(), now() + interval '70 days', 'sign_in'), (gen_random_uuid(), now() + interval '9 years', 'sign_in');
            select string_agg(split_part(tableoid::regclass::text, '.', 2), ' ' order by at) = concat_ws(' ', '_audit_earlier', '_audit_earlier', '_audit_earlier', '_audit_' || to_char((now() + interval '70 days') at time zone 'UTC', 'YYYY_MM'), '_audit_default') from org_early._audit;
            """, connection);
        Assert.True((bool)(await after.ExecuteScalarAsync())!);
        Assert.Equal(5, await new AuditSealer(other, TimeProvider.System).SealAsync(CancellationToken.None));
        Assert.True((await new AuditVerifier(other).VerifyAsync(null, (_, _) => { }, CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task Who_was_there_before_there_were_organisations_belongs_to_the_first_with_roles_sessions_and_tokens()
    {
        await using var own = await TestDatabase.CreateAsync();
        await using var connection = await own.Database.OpenAsync(CancellationToken.None);
        await using var before = new NpgsqlCommand("""
            alter table xrm.user_role drop organisation cascade;
            alter table xrm.session drop organisation cascade;
            alter table xrm.token drop organisation cascade;
            drop table xrm.member;
            alter table xrm.user_role add primary key (user_id, role);
            alter table xrm.token add unique (user_id, name);
            drop table xrm.organisation;
            create table xrm.organisation (name text primary key, schema text not null unique, created_at timestamptz not null default now());
            insert into xrm.organisation (name, schema) values ('org_main', 'org_main');
            insert into xrm."user" (id, user_name, display_name, is_administrator, is_active)
            values ('00000000-0000-0000-0000-00000000000a', 'ada', 'Ada', true, true), ('00000000-0000-0000-0000-00000000000b', 'bob', 'Bob', false, false);
            insert into xrm.user_role (user_id, role) values ('00000000-0000-0000-0000-00000000000b', 'seller');
            insert into xrm.session (id, secret_hash, user_id, expires_at) values (gen_random_uuid(), '\x01', '00000000-0000-0000-0000-00000000000a', now() + interval '1 day');
            insert into xrm.token (id, name, secret_hash, user_id) values (gen_random_uuid(), 'program', '\x02', '00000000-0000-0000-0000-00000000000a');
            delete from xrm.migration where scope = 'xrm' and number = 5;
            """, connection);
        await before.ExecuteNonQueryAsync();
        Assert.Equal("xrm/005_organisations", Assert.Single(await new Migrations(own.Database).ApplyAsync(CancellationToken.None)));

        Assert.Equal(("main", "Main", OrganisationState.Active), Assert.Single(await new OrganisationStore(own.Database).ListAsync(CancellationToken.None)) is var home ? (home.Name, home.DisplayName, home.State) : default);
        var users = new UserStore(own.Database);
        var (ada, bob) = (await users.FindByNameAsync("ada", CancellationToken.None), await users.FindByNameAsync("bob", CancellationToken.None));
        Assert.Equal((true, true, false, false), (ada!.IsActive, ada.IsAdministrator, bob!.IsActive, bob.IsAdministrator));
        Assert.Equal(["seller"], await users.RolesAsync(bob.Id, CancellationToken.None));
        Assert.False((await users.FindMemberAsync(bob.Id, CancellationToken.None))!.IsActive);
        var sessions = new SessionStore(own.Database, new SessionLimits());
        Assert.NotNull(await sessions.FindSessionAsync([1], CancellationToken.None));
        Assert.NotNull(await sessions.FindTokenAsync([2], CancellationToken.None));
    }

    [Fact]
    public async Task Nodes_that_start_together_wait_for_one_another()
    {
        await using var other = new Database(test.ConnectionString, "org_together");
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrations(other).ApplyAsync(CancellationToken.None)));
        Assert.Single(runs, run => run.Length > 0);
    }
}
