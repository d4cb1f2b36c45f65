-- What search needs. Trigrams find parts of words and words with a slip in them; unaccent makes one word of those that differ in accents.
-- Both come with PostgreSQL, and an owner of a database may install them. One that is there already stays where it is.
do $$
begin
    if not exists (select from pg_extension where extname = 'pg_trgm') then create extension pg_trgm with schema public; end if;
    if not exists (select from pg_extension where extname = 'unaccent') then create extension unaccent with schema public; end if;
    perform set_config('search_path', format('xrm, %s', (select string_agg(distinct quote_ident(n.nspname), ', ')
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname in ('pg_trgm', 'unaccent'))), true);
end
$$;

-- A configuration for each language whose words PostgreSQL can stem, and one that stems none. None leaves out words because they are
-- frequent ("IT" is a department, "Who" a band).
do $$
declare
    language text;
begin
    for language in select cfgname from pg_ts_config where cfgnamespace = 'pg_catalog'::regnamespace loop
        execute format('create text search configuration xrm.%I (copy = pg_catalog.simple)', 'search_' || language);
        continue when language = 'simple';
        execute format('create text search dictionary xrm.%I (template = pg_catalog.snowball, language = %L)', 'search_' || language, language);
        execute format('alter text search configuration xrm.%I alter mapping for asciiword, word, asciihword, hword, hword_asciipart, hword_part with xrm.%I',
            'search_' || language, 'search_' || language);
    end loop;
end
$$;

-- A text as search compares it: upper and lower case, and letters with and without accents, are one. The body is parsed here and now, so
-- that it means the same whoever calls it, which indexes need; unaccent itself only changes with the server's files.
create function xrm.search_fold(text) returns text language sql immutable strict parallel safe cost 50
    return lower(unaccent('unaccent'::regdictionary, $1) collate "und-x-icu");

-- Matches folded texts that contain this one.
create function xrm.search_pattern(text) returns text language sql immutable strict parallel safe
    return '%' || replace(replace(replace(xrm.search_fold($1), '\', '\\'), '%', '\%'), '_', '\_') || '%';

-- The items of a list as lines.
create function xrm.search_lines(text[]) returns text language sql immutable strict parallel safe
    return array_to_string($1, E'\n');

-- Finds words that begin with this one, for to_tsquery: quoted, so that nothing in it is an operator.
create function xrm.search_prefix(text) returns text language sql immutable strict parallel safe
    return ''' ' || replace(replace(xrm.search_fold($1), '\', '\\'), '''', '''''') || ''':*';

-- A folded text with one space between its words, and around them.
create function xrm.search_spaced(text) returns text language sql immutable strict parallel safe
    return ' ' || btrim(regexp_replace($1 collate "und-x-icu", '[^[:alnum:]]+', ' ', 'g')) || ' ';
