\set s random(1, 5)
select a.industry, count(*), sum(c.credit_limit) from plain.contact c left join plain.account a on a.id = c.account_id where c.status = ('{new,active,qualified,inactive,lost}'::text[])[:s] group by a.industry;
