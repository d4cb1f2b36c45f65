\set i random(1, :contacts)
\set p random(1000000, 9999999)
update plain.contact set phone = '+1' || :p where id = md5('contact-' || :i)::uuid;
