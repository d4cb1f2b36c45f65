-- What a script that runs after a save is told of it: {"operation", "transition", "record", "previous"}.
alter table _workflow_run add column event jsonb;
