-- Keys by which secrets are encrypted, as ASP.NET Data Protection writes them; each is itself encrypted by a master key that no database holds.
create table xrm.protection_key (
    name        text primary key,
    xml         text not null,
    created_at  timestamptz not null default now()
);
