-- Runs keep the workflow as it was when they began; events fan out into one delivery per receiver.

alter table _workflow_run add column definition jsonb not null;
alter table _workflow_run add column depth int not null default 0;

create table _delivery (
    id               bigint generated always as identity primary key,
    event_id         bigint not null,
    receiver         text not null,
    event            text not null,
    at               timestamptz not null,
    entity           text not null,
    record_id        uuid not null,
    version          bigint not null,
    payload          jsonb,
    attempts         int not null default 0,
    next_attempt_at  timestamptz not null default now(),
    done_at          timestamptz,
    dead_at          timestamptz,
    last_error       text,
    unique (event_id, receiver)
);
create index on _delivery (next_attempt_at, id) where done_at is null and dead_at is null;
create index on _delivery (dead_at) where dead_at is not null;
