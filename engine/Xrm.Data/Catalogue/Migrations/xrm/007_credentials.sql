-- One-time passwords that expire, in which language people are written to, and tokens whose end was announced.

alter table xrm."user"
    add password_expires_at  timestamptz,
    add language             text;
update xrm."user" set password_expires_at = now() + interval '72 hours' where must_change_password;

alter table xrm.token
    add announced_at  timestamptz;
create index on xrm.token (expires_at) where announced_at is null;
