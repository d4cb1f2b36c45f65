import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Entity } from '@/api/model';
import { useFieldUi } from '@/fields/fields-context';
import { useTexts } from '@/lib/i18n/text';
import { isGroup, needsValue, testsOf, type Group, type Test, type TestOperator } from '../hooks/condition';
import styles from './rule-builder.module.css';
import { TestValue } from './test-value';

/** How deep groups can stand in one another. */
const deepest = 3;

interface TestRowProps {
  entity: Entity;
  test: Test;
  onChange(test: Test): void;
  onRemove(): void;
}

function TestRow({ entity, test, onChange, onRemove }: TestRowProps) {
  const t = useTexts();
  const fieldUi = useFieldUi();
  const field = entity.fields.find((each) => each.name === test.field);
  const kind = field ? fieldUi(field.type).filter : 'none';
  const fields = entity.fields.filter((each) => each.columns.length > 0 || fieldUi(each.type).filter !== 'none');
  const pick = (name: string | null) => {
    const next = fields.find((each) => each.name === name);
    const op = next && testsOf[fieldUi(next.type).filter][0];
    if (next && op) onChange({ field: next.name, op });
  };
  return (
    <div className={styles.row} role="group" aria-label={field?.label ?? test.field}>
      <Select className={styles.field} aria-label={t('filter.field')} data={fields.map((each) => ({ value: each.name, label: each.label }))} value={test.field} searchable allowDeselect={false} onChange={pick} />
      <Select
        className={styles.operator}
        aria-label={t('filter.operator')}
        data={testsOf[kind].map((op) => ({ value: op, label: t(`op.${op}`) }))}
        value={test.op}
        allowDeselect={false}
        onChange={(op) => op && onChange({ field: test.field, op: op as TestOperator })}
      />
      {field && needsValue(test.op) ? (
        <div className={styles.value}>
          <TestValue field={field} kind={kind} test={test} onChange={(value) => onChange({ ...test, value })} />
        </div>
      ) : null}
      <ActionIcon aria-label={t('filter.remove')} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

interface ConditionGroupProps {
  entity: Entity;
  group: Group;
  depth?: number;
  onChange(group: Group): void;
  onRemove?: () => void;
}

/** Comparisons and groups of them, of which all or at least one must hold. */
export function ConditionGroup({ entity, group, depth = 1, onChange, onRemove }: ConditionGroupProps) {
  const t = useTexts();
  const fieldUi = useFieldUi();
  const replace = (place: number, part: Test | Group | null) => onChange({ ...group, parts: group.parts.flatMap((other, at) => (at === place ? (part ? [part] : []) : [other])) });
  const add = () => {
    const field = entity.fields.find((each) => each.name === entity.primary) ?? entity.fields[0];
    const op = field && testsOf[fieldUi(field.type).filter][0];
    if (field && op) onChange({ ...group, parts: [...group.parts, { field: field.name, op }] });
  };
  return (
    <div className={styles.group} role="group" aria-label={t(group.all ? 'rule.all' : 'rule.any')} data-depth={depth}>
      {group.parts.length > 1 || depth > 1 ? (
        <div className={styles.row}>
          <Select
            className={styles.field}
            aria-label={t('rule.how')}
            data={[
              { value: 'all', label: t('rule.all') },
              { value: 'any', label: t('rule.any') },
            ]}
            value={group.all ? 'all' : 'any'}
            allowDeselect={false}
            onChange={(next) => onChange({ ...group, all: next === 'all' })}
          />
          {onRemove ? (
            <ActionIcon aria-label={t('rule.group.remove')} onClick={onRemove}>
              <IconX size={15} />
            </ActionIcon>
          ) : null}
        </div>
      ) : null}
      {group.parts.map((part, place) =>
        isGroup(part) ? (
          <ConditionGroup key={place} entity={entity} group={part} depth={depth + 1} onChange={(next) => replace(place, next)} onRemove={() => replace(place, null)} />
        ) : (
          <TestRow key={place} entity={entity} test={part} onChange={(next) => replace(place, next)} onRemove={() => replace(place, null)} />
        ),
      )}
      <div className={styles.adding}>
        <Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('filter.add')}
        </Button>
        {depth < deepest ? (
          <Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={() => onChange({ ...group, parts: [...group.parts, { all: !group.all, parts: [] }] })}>
            {t('rule.group.add')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
