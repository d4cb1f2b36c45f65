-- Secrets lie apart from their records, encrypted: nothing that reads, searches, sends or logs records can come by them.
create table _secret (
    record_id  uuid not null,
    field      text not null,
    entity     text not null,
    value      bytea not null,
    primary key (record_id, field)
);
create index on _secret (entity);

-- What a job has made to be fetched: an export of all that is kept about a person.
create table _job_file (
    job_id      uuid primary key references _job on delete cascade,
    name        text not null,
    content     bytea not null,
    expires_at  timestamptz not null
);
-- What a job has found so far, one row for each record, until it ends.
create table _job_record (
    job_id     uuid not null references _job on delete cascade,
    number     bigint generated always as identity,
    entity     text not null,
    record_id  uuid not null,
    fate       text,
    document   text,
    done       boolean not null default false,
    primary key (job_id, entity, record_id)
);
create index on _job_record (job_id, number) where not done;

alter table _job drop constraint _job_kind_check;
alter table _job add constraint _job_kind_check check (kind in ('update', 'delete', 'recompute', 'reencrypt', 'person_export', 'person_erasure'));

-- What was said of a record can be taken out of the audit while the rest of the entry stays proved: its digest goes over a digest of what was said, which
-- cannot be guessed without the salt. The salt goes with what was said. See decision 25. Entries from before have no salt.
alter table _audit add column salt uuid, add column erased bytea;
alter table _audit alter column salt set default gen_random_uuid();

-- People who were erased, and whether something of them had to stay that can go later.
create table _erasure (
    entity     text not null,
    record_id  uuid not null,
    erased_at  timestamptz not null default now(),
    erased_by  uuid not null,
    has_kept   boolean not null default false,
    primary key (entity, record_id)
);
