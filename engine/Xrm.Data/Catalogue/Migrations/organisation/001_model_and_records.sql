-- What must commit together with an organisation's records lies in its own schema, which is first in the search path here.
-- No entity can have a name with a leading underscore.

create table _package (
    name          text primary key,
    version       text not null,
    hash          text not null,
    position      int not null,
    published_at  timestamptz not null default now()
);

create table _package_file (
    package  text not null references _package on delete cascade,
    path     text not null,
    content  bytea not null,
    primary key (package, path)
);

create table _model_version (
    version       bigint generated always as identity primary key,
    hash          text not null,
    published_at  timestamptz not null default now(),
    published_by  uuid,
    summary       jsonb not null default '{}'
);

create table _audit (
    id         uuid primary key,
    at         timestamptz not null default now(),
    entity     text not null,
    record_id  uuid not null,
    operation  text not null,
    by_user    uuid,
    cause      jsonb,
    changes    jsonb
);
create index on _audit (entity, record_id, at);
create index on _audit (at);

-- Events of records. Each fans out into one delivery for each receiver that wants it, and is done then.
create table _outbox (
    id         bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    event      text not null,
    entity     text not null,
    record_id  uuid not null,
    version    bigint not null,
    payload    jsonb not null,
    done_at    timestamptz
);
create index on _outbox (id) where done_at is null;

create table _delivery (
    id               bigint generated always as identity primary key,
    event_id         bigint not null,
    receiver         text not null,
    event            text not null,
    at               timestamptz not null,
    entity           text not null,
    record_id        uuid not null,
    version          bigint not null,
    payload          jsonb not null,
    attempts         int not null default 0,
    next_attempt_at  timestamptz not null default now(),
    done_at          timestamptz,
    dead_at          timestamptz,
    last_error       text,
    unique (event_id, receiver)
);
create index on _delivery (next_attempt_at, id) where done_at is null and dead_at is null;
create index on _delivery (dead_at) where dead_at is not null;
-- A receiver gets the events of a record one after the other.
create index on _delivery (receiver, record_id, event_id) where done_at is null and dead_at is null;

create table _mail (
    id               uuid primary key,
    created_at       timestamptz not null default now(),
    recipients       text[] not null,
    subject          text not null,
    body             text not null,
    attempts         int not null default 0,
    next_attempt_at  timestamptz not null default now(),
    sent_at          timestamptz,
    dead_at          timestamptz,
    last_error       text
);
create index on _mail (next_attempt_at) where sent_at is null and dead_at is null;

-- A run keeps the workflow as it was when it began, and of a record that was deleted its last values.
create table _workflow_run (
    id               uuid primary key,
    workflow         text not null,
    definition       jsonb not null,
    entity           text not null,
    record_id        uuid not null,
    deleted_record   jsonb,
    state            text not null default 'running',
    position         text not null default '',
    depth            int not null default 0,
    started_by       uuid,
    started_at       timestamptz not null default now(),
    next_attempt_at  timestamptz not null default now(),
    attempts         int not null default 0,
    finished_at      timestamptz,
    last_error       text
);
create index on _workflow_run (next_attempt_at) where finished_at is null;
create index on _workflow_run (entity, record_id);

create table _number_series (
    entity  text not null,
    field   text not null,
    period  text not null,
    last    bigint not null,
    primary key (entity, field, period)
);

-- When work that is done again and again is due next, for all nodes together.
create table _recurring_work (
    name         text primary key,
    next_run_at  timestamptz not null default now()
);

-- A file belongs to its uploader until a record is saved that holds it.
create table _file (
    id            uuid primary key,
    name          text not null,
    content_type  text not null,
    size          bigint not null,
    sha256        bytea not null,
    content       bytea not null,
    created_at    timestamptz not null default now(),
    created_by    uuid,
    entity        text,
    record_id     uuid,
    field         text
);
-- Uploads that no record came to hold are removed after a while.
create index on _file (created_at) where record_id is null;
create index on _file (record_id) where record_id is not null;
