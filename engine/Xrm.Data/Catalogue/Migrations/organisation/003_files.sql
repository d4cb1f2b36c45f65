-- A file belongs to its uploader until a record is saved that holds it.

alter table _file add column entity text;
alter table _file add column record_id uuid;
alter table _file add column field text;
create index on _file (record_id) where record_id is not null;
