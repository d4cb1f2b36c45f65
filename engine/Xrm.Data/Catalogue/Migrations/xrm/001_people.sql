-- The catalogue: what belongs to the installation and not to one organisation.

create table xrm.organisation (
    name        text primary key,
    schema      text not null unique,
    created_at  timestamptz not null default now()
);

create table xrm."user" (
    id                    uuid primary key,
    user_name             text not null unique check (user_name = lower(user_name)),
    display_name          text not null,
    email                 text,
    password_hash         text,
    must_change_password  boolean not null default false,
    is_administrator      boolean not null default false,
    is_active             boolean not null default true,
    failed_sign_ins       int not null default 0,
    locked_until          timestamptz,
    created_at            timestamptz not null default now()
);

create table xrm.user_role (
    user_id  uuid not null references xrm."user" on delete cascade,
    role     text not null,
    primary key (user_id, role)
);

create table xrm.session (
    id           uuid primary key,
    secret_hash  bytea not null unique,
    user_id      uuid not null references xrm."user" on delete cascade,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null,
    user_agent   text
);
create index on xrm.session (user_id);
create index on xrm.session (expires_at);

create table xrm.token (
    id           uuid primary key,
    name         text not null,
    secret_hash  bytea not null unique,
    user_id      uuid not null references xrm."user" on delete cascade,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    unique (user_id, name)
);
