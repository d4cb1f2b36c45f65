-- What somebody shares with people and teams, beyond what roles reach. Rights are a sum: 1 read, 2 update, 4 delete, 8 assign, 16 share.
create table _share (
    entity          text not null,
    record_id       uuid not null,
    principal_id    uuid not null,
    principal_kind  text not null check (principal_kind in ('user', 'team')),
    rights          smallint not null check (rights between 1 and 31 and rights & 1 = 1),
    shared_by       uuid not null,
    shared_at       timestamptz not null default now(),
    primary key (record_id, principal_id, entity)
);
create index on _share (principal_id, entity) include (record_id, rights);

-- Changes with each change of what is shared with a person or team; whoever never had anything shared has no row, and asks no further.
create table _share_stamp (
    principal_id  uuid primary key,
    stamp         uuid not null
);
