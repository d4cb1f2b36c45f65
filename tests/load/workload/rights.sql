-- Five regions with four units each, and the contacts spread over them by their owners. One owner can sign in, and one unit has a person of
-- each kind: who reads what is of the unit, and who reads what is of a region.
create function pg_temp.id(name text) returns uuid language sql immutable return md5(name)::uuid;
insert into org_main.business_units (id, code, name, parent_id, created_at, modified_at, version)
select pg_temp.id('region-' || i), 'R' || i, 'Region ' || i, null, now(), now(), 1 from generate_series(1, 5) i;
insert into org_main.business_units (id, code, name, parent_id, created_at, modified_at, version)
select pg_temp.id('unit-' || i), 'U' || i, 'Unit ' || i, pg_temp.id('region-' || 1 + i % 5), now(), now(), 1 from generate_series(1, 20) i;
insert into org_main.users (id, name, user_name, email, business_unit_id, created_at, modified_at, version)
select id, name, name, name || '@example.com', unit, now(), now(), 1
from (values (pg_temp.id('owner-1'), 'unit_reader', pg_temp.id('unit-1')), (pg_temp.id('owner-51'), 'region_reader', pg_temp.id('region-2'))) p (id, name, unit);
insert into xrm."user" (id, user_name, display_name) select id, user_name, name from org_main.users where user_name in ('unit_reader', 'region_reader');
insert into xrm.member (user_id, organisation) select id, 'main' from xrm."user" where user_name in ('unit_reader', 'region_reader');
insert into xrm.user_role (user_id, organisation, role) select id, 'main', user_name from xrm."user" where user_name in ('unit_reader', 'region_reader');
insert into xrm.token (id, name, secret_hash, user_id, organisation, expires_at)
select id, 'load', sha256(convert_to('xrm_load_' || user_name, 'UTF8')), id, 'main', now() + interval '30 days' from xrm."user" where user_name in ('unit_reader', 'region_reader');
update org_main.bench_contacts c set owning_unit_id = o.unit
from (select pg_temp.id('owner-' || i) as id, pg_temp.id('unit-' || 1 + (i - 1) % 20) as unit from generate_series(1, 50) i) o where o.id = c.owner_id;
vacuum (full, analyze) org_main.bench_contacts;
vacuum (analyze) org_main.bench_contacts;
checkpoint;
