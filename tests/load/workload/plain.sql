-- The plain tables of the workload: 100,000 accounts and 1,000,000 contacts. Every value comes from the number of its row, so that
-- each run on each machine has the same. Columns compare by code points: only then can an index serve "begins with".
create schema plain;
create table plain.account (
  id              uuid primary key default gen_random_uuid(),
  name            text collate "C" not null,
  industry        text collate "C",
  annual_revenue  numeric(18,2),
  city            text collate "C",
  created_on      timestamptz not null default now()
);
create table plain.contact (
  id            uuid primary key default gen_random_uuid(),
  first_name    text collate "C",
  last_name     text collate "C" not null,
  email         text collate "C",
  phone         text collate "C",
  job_title     text collate "C",
  status        text collate "C" not null default 'new',
  birthdate     date,
  credit_limit  numeric(18,2),
  opted_in      boolean not null default false,
  account_id    uuid references plain.account,
  owner_id      uuid,
  notes         text collate "C",
  created_on    timestamptz not null default now(),
  modified_on   timestamptz not null default now()
);

-- A number that looks random and is the same every time.
create function plain.pick(salt int, row_number int, among bigint) returns bigint language sql immutable parallel safe
  return ((('x' || substr(md5(salt || ':' || row_number), 1, 8))::bit(32)::bigint) & 2147483647) % among;
create function plain.word(salt int, row_number int, words text[]) returns text language sql immutable parallel safe
  return words[1 + plain.pick(salt, row_number, array_length(words, 1))];

insert into plain.account
select md5('account-' || i)::uuid,
       plain.word(1, i, '{Alpine,Baltic,Cobalt,Delta,Eastern,Falcon,Granite,Harbor}') || ' ' || plain.word(2, i, '{Systems,Logistics,Foods,Energy,Partners,Retail}') || ' ' || i,
       plain.word(3, i, '{Agriculture,Banking,Construction,Education,Energy,Healthcare,Insurance,Manufacturing,Media,Retail,Software,Transport}'),
       10000 + plain.pick(4, i, 100000000)::numeric / 100,
       plain.word(5, i, '{Amsterdam,Berlin,Chicago,Dublin,Edinburgh,Florence,Geneva,Hamburg}'),
       timestamptz '2020-01-01 00:00:00+00' + make_interval(secs => plain.pick(6, i, 157680000))
from generate_series(1, :accounts) i;

insert into plain.contact
select md5('contact-' || i)::uuid,
       plain.word(11, i, '{Anna,Ben,Clara,David,Elena,Felix,Grace,Hugo,Irene,Jonas,Karin,Liam,Marta,Nils,Olga,Paul}'),
       chr(65 + plain.pick(12, i, 26)::int) || plain.word(13, i, '{al,en,or,ir,un,ar,el,os,im,an}') || plain.word(14, i, '{berg,dal,ford,holm,son,ton,well,wood,man,stein}'),
       'user' || i || '@example' || plain.pick(15, i, 500) || '.com',
       '+1' || lpad(plain.pick(16, i, 2000000000)::text, 10, '0'),
       plain.word(17, i, '{Accountant,Buyer,Consultant,Director,Engineer,Foreman,Lawyer,Manager}'),
       plain.word(18, i, '{new,active,qualified,inactive,lost}'),
       date '1950-01-01' + plain.pick(19, i, 20000)::int,
       plain.pick(20, i, 5000000)::numeric / 100,
       plain.pick(21, i, 2) = 0,
       md5('account-' || (1 + plain.pick(22, i, :accounts)))::uuid,
       md5('owner-' || (1 + plain.pick(23, i, 50)))::uuid,
       rpad('Note ' || i || ': ' || repeat(plain.word(24, i, '{called about the renewal. ,met at the fair. ,prefers e-mail. ,complained about the invoice. }'), 8), 200, '.'),
       timestamptz '2021-01-01 00:00:00+00' + make_interval(secs => plain.pick(25, i, 126144000)),
       timestamptz '2025-01-01 00:00:00+00' + make_interval(secs => plain.pick(26, i, 31536000))
from generate_series(1, :contacts) i;
create index on plain.contact (account_id);
create index on plain.contact (status, last_name);
create index on plain.contact (email);
