-- Not rules alone are counted and switched off: actions, schedules and scripts of forms, too. Those without an entity have an empty one.
alter table _rule_count add kind text not null default 'rule', drop constraint _rule_count_pkey, add primary key (kind, entity, rule);
alter table _rule_switch add kind text not null default 'rule';
drop index _rule_switch_entity_rule_id_idx;
create index on _rule_switch (kind, entity, rule, id desc);
