-- The workflows and scripts that led to a run, by name: where they go round in a circle, whoever looks at the run sees which ones do.
alter table _workflow_run add column chain text not null default '';
