namespace Xrm.Server.Tests.Queries;

/// <summary>The rows of <see cref="QueryDatabase"/>. Ids end in what tests call them by.</summary>
internal static class QueryRows
{
    public const string Sql = """
        do $$ declare t text; begin
          for t in select table_name from information_schema.columns where table_schema = 'org_main' and column_name = 'modified_at' loop
            execute format('alter table org_main.%I alter created_at set default now(), alter modified_at set default now(), alter version set default 1', t);
          end loop;
        end $$;
        insert into org_main.accounts (id, name, email, industry, active, score, holding_id) values
          ('00000000-0000-7000-8000-0000000000a1', 'Acme', 'info@acme.example', 'tech', true, 1.5, null),
          ('00000000-0000-7000-8000-0000000000a2', 'ätna', 'x@y.example', 'trade', false, null, '00000000-0000-7000-8000-0000000000a1'),
          ('00000000-0000-7000-8000-0000000000a3', 'Zeta 50%_\', null, null, null, -2, '00000000-0000-7000-8000-0000000000a2');
        insert into org_main.assets (id, code) values ('00000000-0000-7000-8000-0000000000e1', 'PUMP-1');
        insert into org_main.topics (id, name) values ('00000000-0000-7000-8000-0000000000f1', 'Law'), ('00000000-0000-7000-8000-0000000000f2', 'Money');
        insert into org_main.contracts (id, version, title, number, status, account_id, regarding_id, regarding_type, value, months, starts_on, ends_on, signed_at, opens, labels, extra, penalty, owner_id, owner_type, deleted_at) values
          ('00000000-0000-7000-8000-0000000000c1', 3, 'Alpha', 'C-00001', 'draft', '00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000e1', 'asset', 10.50, 12, '2026-01-01', '2027-01-01', '2026-01-01T10:00:00.5Z', '08:30', '{a,"b c"}', '{"k": [1, 2.50]}', 7, '00000000-0000-7000-8000-00000000000a', 'user', null),
          ('00000000-0000-7000-8000-0000000000c2', 1, 'beta', 'C-00002', 'active', '00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-0000000000a1', 'account', 9999999999.99, 6, '2026-06-01', '2026-06-01', null, null, '{}', null, null, '00000000-0000-7000-8000-00000000000b', 'user', null),
          ('00000000-0000-7000-8000-0000000000c3', 1, 'Ünïcödé 🏢 "quoted"', 'C-00003', null, null, null, null, null, null, null, null, null, null, null, null, null, '00000000-0000-7000-8000-00000000000b', 'user', null),
          ('00000000-0000-7000-8000-0000000000c4', 1, 'Deleted', 'C-00004', 'draft', '00000000-0000-7000-8000-0000000000a1', null, null, 1, 1, null, null, null, null, null, null, null, '00000000-0000-7000-8000-00000000000a', 'user', '2026-01-01');
        insert into org_main.contract_lines (id, product, amount, delivered_at, asset_id, contract_id) values
          ('00000000-0000-7000-8000-0000000000d1', 'Pump', 1.10, '2026-03-01T12:00:00.25Z', '00000000-0000-7000-8000-0000000000e1', '00000000-0000-7000-8000-0000000000c1'),
          ('00000000-0000-7000-8000-0000000000d2', 'Pipe', 2.20, null, null, '00000000-0000-7000-8000-0000000000c1'),
          ('00000000-0000-7000-8000-0000000000d3', 'Bolt', 3.30, null, null, '00000000-0000-7000-8000-0000000000c2');
        insert into org_main.contract_topics (id, contract_id, topic_id) values
          ('00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000f1'),
          ('00000000-0000-7000-8000-000000000072', '00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000f2');
        """;
}
