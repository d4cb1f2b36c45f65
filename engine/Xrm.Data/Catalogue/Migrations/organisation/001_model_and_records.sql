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

create table _outbox (
    id               bigint generated always as identity primary key,
    at               timestamptz not null default now(),
    event            text not null,
    entity           text not null,
    record_id        uuid not null,
    version          bigint not null,
    payload          jsonb,
    consumer         text not null,
    attempts         int not null default 0,
    next_attempt_at  timestamptz not null default now(),
    done_at          timestamptz,
    dead_at          timestamptz,
    last_error       text
);
create index on _outbox (consumer, next_attempt_at, id) where done_at is null and dead_at is null;
create index on _outbox (done_at) where done_at is not null;
create index on _outbox (dead_at) where dead_at is not null;

create table _mail (
    id               uuid primary key,
    created_at       timestamptz not null default now(),
    recipients       text[] not null,
    subject          text not null,
    body             text not null,
    run_id           uuid,
    step             text,
    attempts         int not null default 0,
    next_attempt_at  timestamptz not null default now(),
    sent_at          timestamptz,
    dead_at          timestamptz,
    last_error       text
);
create index on _mail (next_attempt_at) where sent_at is null and dead_at is null;
-- A step that is repeated after a crash sends nothing twice.
create unique index on _mail (run_id, step) where run_id is not null;

create table _workflow_run (
    id               uuid primary key,
    workflow         text not null,
    entity           text not null,
    record_id        uuid not null,
    state            text not null default 'running',
    position         text not null default '',
    data             jsonb not null default '{}',
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

create table _file (
    id            uuid primary key,
    name          text not null,
    content_type  text not null,
    size          bigint not null,
    sha256        bytea not null,
    content       bytea not null,
    created_at    timestamptz not null default now(),
    created_by    uuid
);
create index on _file (created_at);
