-- In which transaction an event was written. Numbers of events are given out before their transactions commit, so that a smaller one
-- may be seen later: who follows the changes asks which transactions a snapshot saw.
alter table _outbox add column xid xid8 not null default pg_current_xact_id();
create index on _outbox (xid);

-- The newest transaction of which events were forgotten.
create table _outbox_trimmed (
    one  boolean primary key default true check (one),
    xid  xid8 not null
);
insert into _outbox_trimmed (xid) values ('0');
