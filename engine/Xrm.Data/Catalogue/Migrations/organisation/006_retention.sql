-- What is done or given up goes after a while, and is found by its time.
create index on _delivery (done_at) where done_at is not null;
create index on _mail (sent_at) where sent_at is not null;
create index on _mail (dead_at) where dead_at is not null;
