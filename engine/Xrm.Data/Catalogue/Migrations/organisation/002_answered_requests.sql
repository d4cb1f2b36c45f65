-- Requests that clients may send again, with their Idempotency-Key. The row commits with what the request did.
create table _answered_request (
    user_id  uuid not null,
    key      text not null,
    hash     bytea not null,
    answer   jsonb,
    at       timestamptz not null default now(),
    primary key (user_id, key)
);
create index on _answered_request (at);
