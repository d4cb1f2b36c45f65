-- Second factors, passkeys, one-time links, sessions and tokens that can be overseen.

alter table xrm."user"
    add is_service                 boolean not null default false,
    add email_confirmed_at         timestamptz,
    add authenticator_key          text,
    add authenticator_confirmed_at timestamptz,
    add last_sign_in_at            timestamptz,
    add check (not is_service or password_hash is null);
-- A confirmed address leads to one person: links that open an account are sent to it.
create unique index on xrm."user" (lower(email)) where email_confirmed_at is not null;

alter table xrm.session
    add last_seen_at       timestamptz not null default now(),
    add address            text,
    add has_second_factor  boolean not null default false;

-- No scopes: all that the user may do.
alter table xrm.token
    add last_used_at  timestamptz,
    add scopes        text[];

create table xrm.recovery_code (
    user_id    uuid not null references xrm."user" on delete cascade,
    code_hash  bytea not null,
    primary key (user_id, code_hash)
);

-- Codes of authenticators that were taken, for as long as they would be good.
create table xrm.used_code (
    user_id  uuid not null references xrm."user" on delete cascade,
    code     text not null,
    used_at  timestamptz not null default now(),
    primary key (user_id, code)
);

create table xrm.passkey (
    credential_id       bytea primary key,
    user_id             uuid not null references xrm."user" on delete cascade,
    name                text not null,
    public_key          bytea not null,
    sign_count          bigint not null,
    transports          text[],
    is_user_verified    boolean not null,
    is_backup_eligible  boolean not null,
    is_backed_up        boolean not null,
    attestation_object  bytea not null,
    client_data         bytea not null,
    created_at          timestamptz not null default now(),
    last_used_at        timestamptz
);
create index on xrm.passkey (user_id);

-- What a link in a mail, or the next step of a sign-in, stands for: each opens one thing once.
create table xrm.ticket (
    id           uuid primary key,
    secret_hash  bytea not null unique,
    purpose      text not null,
    user_id      uuid references xrm."user" on delete cascade,
    payload      text,
    attempts     int not null default 0,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null
);
create index on xrm.ticket (user_id);
create index on xrm.ticket (expires_at);
