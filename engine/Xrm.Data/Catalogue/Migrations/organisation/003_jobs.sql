-- Changes of many records in the background. A job goes through its records by their ids: the position moves in the transaction
-- that also holds what was done, so that no record is done twice or missed.
create table _job (
    id               uuid primary key,
    kind             text not null check (kind in ('update', 'delete')),
    collection       text not null,
    query            text not null,
    body             jsonb,
    user_id          uuid not null,
    language         text not null,
    state            text not null default 'waiting' check (state in ('waiting', 'running', 'finished', 'failed', 'cancelled')),
    total            bigint not null,
    done             bigint not null default 0,
    failed           bigint not null default 0,
    position         uuid,
    created_at       timestamptz not null,
    started_at       timestamptz,
    finished_at      timestamptz,
    next_attempt_at  timestamptz not null default now(),
    attempts         int not null default 0,
    error_code       text,
    error            text
);
create index on _job (next_attempt_at, id) where finished_at is null;
create index on _job (user_id, created_at);
create index on _job (finished_at) where finished_at is not null;

-- The first of the records that could not be changed, and why.
create table _job_failure (
    job_id     uuid not null references _job on delete cascade,
    record_id  uuid not null,
    code       text not null,
    message    text not null,
    errors     jsonb,
    primary key (job_id, record_id)
);
