-- When work that is done again and again is due next, for all nodes together.

create table _recurring_work (
    name         text primary key,
    next_run_at  timestamptz not null default now()
);
