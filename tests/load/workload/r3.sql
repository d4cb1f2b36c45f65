\set s random(1, 5)
\set l random(0, 25)
select c.id, c.first_name, c.last_name, c.email, c.phone, c.job_title, c.status, c.credit_limit, a.name as account_name from plain.contact c left join plain.account a on a.id = c.account_id where c.status = ('{new,active,qualified,inactive,lost}'::text[])[:s] and c.last_name like chr(65 + :l) || '%' order by c.last_name limit 50;
select count(*) from plain.contact c where c.status = ('{new,active,qualified,inactive,lost}'::text[])[:s] and c.last_name like chr(65 + :l) || '%';
