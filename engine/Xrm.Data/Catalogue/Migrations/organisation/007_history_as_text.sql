-- The changes of a record are read whole: taking them apart for each row would cost every save. Rows come in the order of their ids, which are made of the time.
alter table _audit alter column changes type text using changes::text;
drop index _audit_at_idx;
