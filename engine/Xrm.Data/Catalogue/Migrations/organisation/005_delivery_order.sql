-- A receiver gets the events of a record one after the other.

create index on _delivery (receiver, record_id, event_id) where done_at is null and dead_at is null;
