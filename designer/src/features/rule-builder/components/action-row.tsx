import { ActionIcon, MultiSelect, Select, Textarea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Entity, Field } from '@/api/model';
import { storedValue } from '@/fields/choice/options';
import { useTexts } from '@/lib/i18n/text';
import type { ActionSource } from '@/api/packages';
import { emptyAction, verbOf, verbs, type Verb } from '../hooks/actions';
import { FormulaInput } from './formula-input';
import styles from './rule-builder.module.css';

interface ActionRowProps {
  entity: Entity;
  action: ActionSource;
  onChange(action: ActionSource): void;
  onRemove(): void;
}

/** Fields with which something can be done. */
function fieldsFor(entity: Entity, verb: Verb): Field[] {
  return entity.fields.filter((field) => {
    if (verb === 'show' || verb === 'hide' || verb === 'message') return !field.hidden;
    if (!field.writable) return false;
    if (verb === 'limit') return Boolean(field.options?.length);
    if (verb === 'require' || verb === 'lock') return true;
    return field.columns.length > 0 && field.name !== entity.lifecycle?.field && (verb === 'clear' || !field.polymorphic);
  });
}

/** Values worth proposing for a field: its options, the day, and fields of the same kind. */
function proposals(entity: Entity, field: Field | undefined): string[] {
  if (!field) return [];
  const constants = field.options?.map((option) => (typeof option.value === 'number' ? String(option.value) : `'${option.value}'`)) ?? (field.kind === 'boolean' ? ['true', 'false'] : []);
  const moments = field.kind === 'date' ? ['today()', 'addDays(today(), 30)'] : field.kind === 'dateTime' ? ['now()'] : [];
  const others = entity.fields.filter((each) => each !== field && each.kind === field.kind && each.columns.length > 0 && !each.system && each.targets?.[0] === field.targets?.[0]).map((each) => each.name);
  return [...constants, ...moments, ...(field.options ? [] : others)];
}

function ValueOf({ entity, action, verb, onChange }: { entity: Entity; action: ActionSource; verb: 'set' | 'default'; onChange(action: ActionSource): void }) {
  const t = useTexts();
  const field = entity.fields.find((each) => each.name === action[verb]);
  return <FormulaInput entity={entity} label={t('rule.to')} placeholder={t('rule.to')} value={action.to ?? ''} field={field?.name} suggestions={proposals(entity, field)} onChange={(to) => onChange({ ...action, to })} />;
}

function MessageOf({ entity, action, onChange }: Omit<ActionRowProps, 'onRemove'>) {
  const t = useTexts();
  const data = fieldsFor(entity, 'message').map((field) => ({ value: field.name, label: field.label }));
  const pickField = (name: string | null) => onChange({ message: action.message ?? '', kind: action.kind ?? 'warning', ...(name === null ? {} : { field: name }) });
  return (
    <>
      <Textarea className={styles.text} aria-label={t('rule.message')} placeholder={t('rule.message')} rows={2} resize="vertical" value={action.message ?? ''} onChange={(event) => onChange({ ...action, message: event.currentTarget.value })} />
      <Select
        className={styles.operator}
        aria-label={t('rule.kind')}
        data={(['error', 'warning', 'info'] as const).map((kind) => ({ value: kind, label: t(`rule.kind.${kind}`) }))}
        value={action.kind ?? 'warning'}
        allowDeselect={false}
        onChange={(kind) => kind && onChange({ ...action, kind: kind as 'error' | 'warning' | 'info' })}
      />
      <Select className={styles.field} aria-label={t('filter.field')} placeholder={t('rule.record')} data={data} value={action.field ?? null} searchable clearable onChange={pickField} />
    </>
  );
}

function Content({ entity, action, onChange }: Omit<ActionRowProps, 'onRemove'>) {
  const t = useTexts();
  const verb = verbOf(action);
  const data = fieldsFor(entity, verb).map((field) => ({ value: field.name, label: field.label }));
  if (verb === 'message') return <MessageOf entity={entity} action={action} onChange={onChange} />;
  if (verb === 'set' || verb === 'default' || verb === 'limit') {
    const field = entity.fields.find((each) => each.name === action[verb]);
    const options = (field?.options ?? []).map((option) => ({ value: String(option.value), label: option.label }));
    return (
      <>
        <Select className={styles.field} aria-label={t('filter.field')} placeholder={t('filter.pick')} data={data} value={action[verb] || null} searchable allowDeselect={false} onChange={(name) => name && onChange({ ...emptyAction(verb), [verb]: name })} />
        <div className={styles.value}>
          {verb === 'limit' ? (
            <MultiSelect aria-label={t('rule.options')} placeholder={action.options?.length ? '' : t('rule.options')} data={options} value={(action.options ?? []).map(String)} onChange={(next) => field && onChange({ ...action, options: next.map((each) => storedValue(field, each)) })} />
          ) : (
            <ValueOf entity={entity} action={action} verb={verb} onChange={onChange} />
          )}
        </div>
      </>
    );
  }
  const named = action[verb] ?? [];
  return <MultiSelect className={styles.text} aria-label={t('rule.fields')} placeholder={named.length ? '' : t('rule.fields')} data={data} value={named} searchable onChange={(next) => onChange({ [verb]: next })} />;
}

/** One thing that a rule does. */
export function ActionRow({ entity, action, onChange, onRemove }: ActionRowProps) {
  const t = useTexts();
  const verb = verbOf(action);
  return (
    <li className={styles.row}>
      <Select
        className={styles.operator}
        aria-label={t('rule.action')}
        data={verbs.map((each) => ({ value: each, label: t(`rule.verb.${each}`) }))}
        value={verb}
        allowDeselect={false}
        onChange={(next) => next && next !== verb && onChange(emptyAction(next as Verb))}
      />
      <Content entity={entity} action={action} onChange={onChange} />
      <ActionIcon aria-label={t('rule.action.remove')} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </li>
  );
}
