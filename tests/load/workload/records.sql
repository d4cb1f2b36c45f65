-- The same rows in the tables that the package bench has become.
insert into org_main.bench_accounts (id, name, industry, annual_revenue, city, created_at, modified_at, version)
select id, name, industry, annual_revenue, city, created_on, created_on, 1 from plain.account;
insert into org_main.bench_contacts (id, first_name, last_name, email, phone, job_title, status, birthdate, credit_limit, opted_in, account_id, owner_id, owner_type, notes, created_at, modified_at, version)
select id, first_name, last_name, email, phone, job_title, status, birthdate, credit_limit, opted_in, account_id, owner_id, 'user', notes, created_on, modified_on, 1 from plain.contact;
vacuum (analyze) plain.account;
vacuum (analyze) plain.contact;
vacuum (analyze) org_main.bench_accounts;
vacuum (analyze) org_main.bench_contacts;
checkpoint;
