-- Jobs that compute the values of a field after a publish. Their body names the field and the version of the model that asks for it.
alter table _job drop constraint _job_kind_check;
alter table _job add constraint _job_kind_check check (kind in ('update', 'delete', 'recompute'));
