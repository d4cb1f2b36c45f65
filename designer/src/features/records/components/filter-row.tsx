import { ActionIcon, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Entity, Field } from '@/api/model';
import { useFieldUi } from '@/fields/fields-context';
import { useTexts } from '@/lib/i18n/text';
import { needsValue, operatorsOf, operatorText, type Condition, type Operator } from '../hooks/conditions';
import styles from './filter.module.css';
import { FilterValue } from './filter-value';

interface FilterRowProps {
  entity: Entity;
  fields: Field[];
  condition: Condition;
  onChange(condition: Condition): void;
  onRemove(): void;
}

/** One condition: field, comparison, value. */
export function FilterRow({ entity, fields, condition, onChange, onRemove }: FilterRowProps) {
  const t = useTexts();
  const fieldUi = useFieldUi();
  const field = fields.find((each) => each.name === condition.field);
  const kind = field ? fieldUi(field.type).filter : 'none';
  const pickField = (name: string | null) => {
    const next = fields.find((each) => each.name === name);
    const op = next && operatorsOf[fieldUi(next.type).filter][0];
    if (next && op) onChange({ field: next.name, op });
  };
  return (
    <div className={styles.row} role="group" aria-label={field?.label ?? condition.field}>
      <Select
        className={styles.field}
        aria-label={t('filter.field')}
        data={fields.map((each) => ({ value: each.name, label: each.label }))}
        value={condition.field}
        searchable
        allowDeselect={false}
        onChange={pickField}
      />
      <Select
        className={styles.operator}
        aria-label={t('filter.operator')}
        data={operatorsOf[kind].map((op) => ({ value: op, label: t(operatorText(op)) }))}
        value={condition.op}
        allowDeselect={false}
        onChange={(op) => op && onChange({ ...condition, op: op as Operator })}
      />
      {field && needsValue(condition.op) ? (
        <div className={styles.value}>
          <FilterValue entity={entity} field={field} kind={kind} condition={condition} onChange={onChange} />
        </div>
      ) : null}
      <ActionIcon className={styles.remove} aria-label={t('filter.remove')} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}
