import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import { useFieldUi } from '@/fields/fields-context';
import { FormulasProvider } from '@/fields/formulas-provider';
import { useTexts } from '@/lib/i18n/text';
import { isComplete, operatorsOf, type Condition } from '../hooks/conditions';
import styles from './filter.module.css';
import { FilterRow } from './filter-row';

interface FilterBarProps {
  entity: Entity;
  conditions: Condition[];
  onChange(conditions: Condition[]): void;
}

/** Builds a list's filter: conditions that must all hold. A condition counts once it is complete. */
export function FilterBar({ entity, conditions, onChange }: FilterBarProps) {
  const t = useTexts();
  const model = useModel();
  const fieldUi = useFieldUi();
  const [drafts, setDrafts] = useState<Condition[]>(conditions);
  const [seen, setSeen] = useState(conditions);
  if (seen !== conditions) {
    setSeen(conditions);
    if (JSON.stringify(drafts.filter(isComplete)) !== JSON.stringify(conditions)) setDrafts(conditions);
  }
  const change = (next: Condition[]) => {
    setDrafts(next);
    const complete = next.filter(isComplete);
    if (JSON.stringify(complete) !== JSON.stringify(conditions)) onChange(complete);
  };
  const fields = entity.fields.filter((field) => field.columns.length > 0 && (!field.hidden || field.system) && !field.masked && fieldUi(field.type).filter !== 'none');
  const add = () => {
    const field = model.primary(entity) ?? fields[0];
    const op = field && operatorsOf[fieldUi(field.type).filter][0];
    if (field && op) change([...drafts, { field: field.name, op }]);
  };
  return (
    <section className={styles.bar} aria-label={t('filter.title')}>
      {drafts.length === 0 ? <span className={styles.hint}>{t('filter.none')}</span> : null}
      <FormulasProvider>
        {drafts.map((condition, index) => (
          <FilterRow
            key={index}
            entity={entity}
            fields={fields}
            condition={condition}
            onChange={(next) => change(drafts.map((other, place) => (place === index ? next : other)))}
            onRemove={() => change(drafts.filter((_, place) => place !== index))}
          />
        ))}
      </FormulasProvider>
      <Button className={styles.add} variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={add}>
        {t('filter.add')}
      </Button>
    </section>
  );
}
