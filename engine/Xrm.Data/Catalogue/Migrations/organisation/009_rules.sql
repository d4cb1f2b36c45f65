-- What rules have done, counted in memory and added from time to time.
create table _rule_count (
    entity            text not null,
    rule              text not null,
    since             timestamptz not null default now(),
    runs              bigint not null,
    refusals          bigint not null,
    failures          bigint not null,
    slow              bigint not null,
    total_ms          double precision not null,
    longest_ms        double precision not null,
    last_run_at       timestamptz not null,
    last_failure_at   timestamptz,
    last_failure      text,
    last_failure_line int,
    primary key (entity, rule)
);

-- Rules that were switched off and on without a publish, by whom and why. The newest row of a rule says how it is; rows are never changed.
create table _rule_switch (
    id       bigint generated always as identity primary key,
    entity   text not null,
    rule     text not null,
    is_off   boolean not null,
    reason   text not null,
    user_id  uuid not null,
    at       timestamptz not null default now()
);
create index on _rule_switch (entity, rule, id desc);
