-- Uploads that no record came to hold are removed after a while.

create index on _file (created_at) where record_id is null;
