import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Entity } from '@/api/model';
import { useFieldUi } from '@/fields/fields-context';
import { useTexts } from '@/lib/i18n/text';
import { readFormula, toFormula, type Group } from '../hooks/condition';
import { useFormulaCheck } from '../hooks/use-formula-check';
import { ConditionGroup } from './condition-group';
import { FormulaInput } from './formula-input';
import styles from './rule-builder.module.css';

interface ConditionEditorProps {
  entity: Entity;
  value: string;
  onChange(formula: string): void;
}

/** A condition, built by clicks as far as that goes, else written as a formula. */
export function ConditionEditor({ entity, value, onChange }: ConditionEditorProps) {
  const t = useTexts();
  const fieldUi = useFieldUi();
  const kindOf = (name: string) => {
    const field = entity.fields.find((each) => each.name === name);
    return field ? fieldUi(field.type).filter : 'none';
  };
  const [group, setGroup] = useState<Group | null>(() => readFormula(value, entity, kindOf));
  const error = useFormulaCheck(entity.name, group ? value : '');
  const readable = readFormula(value, entity, kindOf);
  if (!group) {
    return (
      <div className={styles.part}>
        <FormulaInput entity={entity} label={t('rule.when')} value={value} placeholder="value > 100000 && status == 'draft'" onChange={onChange} />
        <div className={styles.adding}>
          <Button variant="subtle" color="gray" disabled={!readable} onClick={() => setGroup(readable)}>
            {t('rule.byClicks')}
          </Button>
          {readable ? null : <span className={styles.hint}>{t('rule.byClicks.not')}</span>}
        </div>
      </div>
    );
  }
  return (
    <div className={styles.part}>
      <ConditionGroup
        entity={entity}
        group={group}
        onChange={(next) => {
          setGroup(next);
          onChange(toFormula(next, kindOf));
        }}
      />
      <p className={styles.formula}>
        <code>{value || t('rule.always')}</code>
      </p>
      {error ? (
        <p className={styles.error} role="alert">
          {error}
        </p>
      ) : null}
      <div>
        <Button variant="subtle" color="gray" onClick={() => setGroup(null)}>
          {t('rule.asFormula')}
        </Button>
      </div>
    </div>
  );
}
