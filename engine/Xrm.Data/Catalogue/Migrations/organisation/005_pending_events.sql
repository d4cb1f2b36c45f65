-- Events that receivers wait for are pending until each has become its deliveries. Without receivers there is nothing to do for them.
alter table _outbox add column pending boolean not null default false;
update _outbox set pending = true where done_at is null;
alter table _outbox drop column done_at;
create index on _outbox (id) where pending;
-- JSON that is stored and sent as a whole: there is no need to take it apart.
alter table _outbox alter column payload type text;
alter table _delivery alter column payload type text;

-- Ids of records are unique among all entities.
drop index _audit_entity_record_id_at_idx;
create index on _audit (record_id, at);
