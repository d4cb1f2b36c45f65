-- The newest version of the model whose publish computed stored values anew: saves by an earlier model would bring values back that it has replaced.
create table _computed_since (version bigint not null, is_only boolean primary key default true check (is_only));
insert into _computed_since (version) values (0);

-- Called at the end of each save, in its transaction. Volatile, so that it sees what was committed while the save waited for its tables.
do $make$
begin
  execute format($text$
    create function %1$I._require_model(known bigint) returns void language plpgsql volatile as $body$
    begin
      if exists (select from %1$I._computed_since where version > known) then
        raise exception 'Stored values were computed anew by a later model than %%.', known using errcode = 'XRM01';
      end if;
    end
    $body$
    $text$, current_schema());
end
$make$;
