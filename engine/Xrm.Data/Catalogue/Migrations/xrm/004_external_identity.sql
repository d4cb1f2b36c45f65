-- Accounts elsewhere by which people sign in: what an OpenID Connect provider (issuer) calls a person (subject), whom it never calls otherwise.

create table xrm.external_identity (
    id            uuid primary key,
    user_id       uuid not null references xrm."user" on delete cascade,
    issuer        text not null,
    subject       text not null,
    name          text not null,
    created_at    timestamptz not null default now(),
    last_used_at  timestamptz,
    unique (issuer, subject),
    unique (user_id, issuer)
);
