\set i random(1, :contacts)
select id, first_name, last_name, email, phone, job_title, status, birthdate, credit_limit, opted_in, account_id, owner_id, notes, created_on, modified_on from plain.contact where id = md5('contact-' || :i)::uuid;
