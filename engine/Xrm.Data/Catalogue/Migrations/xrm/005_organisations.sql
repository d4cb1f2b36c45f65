-- Several organisations: who belongs to which, and in which a session, a token and a role count.

alter table xrm.organisation
    add display_name  text,
    add host_names    text[] not null default '{}',
    add state         text not null default 'active' check (state in ('creating', 'failed', 'active', 'suspended', 'deleting')),
    add progress      text,
    add delete_after  timestamptz,
    add check ((state = 'deleting') = (delete_after is not null));
update xrm.organisation set name = substr(schema, 5) where name = schema and schema like 'org\_%';
update xrm.organisation set display_name = initcap(name);
alter table xrm.organisation add check (schema = 'org_' || name);

create table xrm.member (
    user_id           uuid not null references xrm."user" on delete cascade,
    organisation      text not null references xrm.organisation on delete cascade,
    is_administrator  boolean not null default false,
    is_active         boolean not null default true,
    created_at        timestamptz not null default now(),
    last_used_at      timestamptz,
    primary key (user_id, organisation)
);
create index on xrm.member (organisation);

-- Until now there was one organisation, and everybody belonged to it.
insert into xrm.member (user_id, organisation, is_administrator, is_active, created_at)
select u.id, o.name, u.is_administrator, u.is_active, u.created_at from xrm."user" u cross join xrm.organisation o;
-- What was meant by an inactive account is said by its membership now.
update xrm."user" set is_active = true where not is_active and exists (select from xrm.member m where m.user_id = id);

alter table xrm.user_role add organisation text;
alter table xrm.session add organisation text;
alter table xrm.token add organisation text;
update xrm.user_role set organisation = (select min(name) from xrm.organisation);
update xrm.session set organisation = (select min(name) from xrm.organisation);
update xrm.token set organisation = (select min(name) from xrm.organisation);
alter table xrm.user_role
    alter organisation set not null,
    drop constraint user_role_pkey,
    add primary key (user_id, organisation, role),
    add foreign key (user_id, organisation) references xrm.member on delete cascade;
-- Whoever leaves an organisation leaves no key to it behind.
alter table xrm.session
    alter organisation set not null,
    add foreign key (user_id, organisation) references xrm.member on delete cascade;
alter table xrm.token
    alter organisation set not null,
    add foreign key (user_id, organisation) references xrm.member on delete cascade,
    drop constraint token_user_id_name_key,
    add unique (user_id, organisation, name);
