-- The history of records becomes the audit of the organisation: by month, with where a change came from, and with events that are about no record. See decision 20.
alter table _audit rename to _audit_earlier;
alter table _audit_earlier
    alter column entity drop not null,
    alter column record_id drop not null,
    add column source text,
    add column address text,
    -- Which entries were committed since the last seal.
    add column xid xid8 not null default pg_current_xact_id(),
    drop constraint _audit_pkey,
    add primary key (at, id);
create index on _audit_earlier (xid);

create table _audit (like _audit_earlier including defaults, primary key (at, id)) partition by range (at);
create index on _audit (record_id, at);
create index on _audit (xid);

-- What was there stays where it is, up to the end of its last month.
do $$
declare
    last timestamptz;
begin
    select max(at) into last from _audit_earlier;
    if last is null then
        drop table _audit_earlier;
    else
        execute format('alter table _audit attach partition _audit_earlier for values from (minvalue) to (%L)',
            (date_trunc('month', greatest(last, now()) at time zone 'UTC') + interval '1 month') at time zone 'UTC');
    end if;
end
$$;
-- Where a month was not made in time, nothing is lost.
create table _audit_default partition of _audit default;

-- Makes the months from a time on that are not there, and moves into them what lies in the default partition. Called again and again by the server.
do $make$
begin
  execute format($text$
    create function %1$I._make_audit_months(start timestamptz, ahead int) returns int language plpgsql as $body$
    declare
      month_start timestamptz;
      month_end timestamptz;
      earlier timestamptz;
      part text;
      made int := 0;
    begin
      select (regexp_match(pg_get_expr(c.relpartbound, c.oid), $to$TO \('([^']+)'\)$to$))[1]::timestamptz into earlier
      from pg_class c where c.oid = to_regclass('%1$I._audit_earlier');
      for step in 0..ahead loop
        month_start := (date_trunc('month', start at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
        month_end := (date_trunc('month', start at time zone 'UTC') + make_interval(months => step + 1)) at time zone 'UTC';
        part := '_audit_' || to_char(month_start at time zone 'UTC', 'YYYY_MM');
        continue when month_start < earlier or to_regclass(format('%%I.%%I', %1$L, part)) is not null;
        execute format('create table %%I.%%I (like %1$I._audit including defaults, primary key (at, id))', %1$L, part);
        if exists (select from %1$I._audit_default where at >= month_start and at < month_end) then
          lock table %1$I._audit_default in access exclusive mode;
          execute format('with moved as (delete from %1$I._audit_default where at >= $1 and at < $2 returning *) insert into %%I.%%I select * from moved', %1$L, part) using month_start, month_end;
        end if;
        execute format('alter table %1$I._audit attach partition %%I.%%I for values from (%%L) to (%%L)', '%1$s', part, month_start, month_end);
        made := made + 1;
      end loop;
      return made;
    end
    $body$
    $text$, current_schema());
end
$make$;
select _make_audit_months(now(), 3);

-- Entries are never changed: they keep the name that their entity had. Which one it has now, follows from when the name was given away.
create table _audit_name (
    formerly  text not null,
    now       text not null,
    until     timestamptz not null default clock_timestamp()
);
create index on _audit_name (formerly, until);
-- The same for fields; their entity is told by the name that it has now.
create table _audit_field_name (
    entity    text not null,
    formerly  text not null,
    now       text not null,
    until     timestamptz not null default clock_timestamp()
);
create index on _audit_field_name (entity);
do $make$
begin
  execute format($text$
    create function %1$I._audit_entity(written text, moment timestamptz) returns text language sql stable as $body$
      select coalesce((select now from %1$I._audit_name where formerly = $1 and until >= $2 order by until limit 1), $1)
    $body$
    $text$, current_schema());
end
$make$;

-- A seal covers the entries of all transactions that its snapshot sees and the one before did not, and is a link of a chain: its hash is made of
-- the hash before and of the digests of these entries.
create table _audit_seal (
    number     bigint primary key,
    snapshot   text not null,
    lineage    text not null,
    entries    bigint not null,
    total      bigint not null,
    sealed_at  timestamptz not null,
    hash       bytea not null
);
-- Stays when an entry goes after its time, so that the chain can be proved without it.
create table _audit_digest (
    seal       bigint not null,
    at         timestamptz not null,
    id         uuid not null,
    entity     text,
    record_id  uuid,
    digest     bytea not null,
    primary key (seal, at, id)
);
