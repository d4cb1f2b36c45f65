import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import type { ActionSource } from '@/api/packages';
import { emptyAction } from '../hooks/actions';
import { ActionRow } from './action-row';
import styles from './rule-builder.module.css';

interface ActionListProps {
  entity: Entity;
  actions: ActionSource[];
  onChange(actions: ActionSource[]): void;
}

/** What a rule does, in order. */
export function ActionList({ entity, actions, onChange }: ActionListProps) {
  const t = useTexts();
  return (
    <div className={styles.part}>
      <ol className={styles.list}>
        {actions.map((action, place) => (
          <ActionRow
            key={place}
            entity={entity}
            action={action}
            onChange={(next) => onChange(actions.map((other, at) => (at === place ? next : other)))}
            onRemove={() => onChange(actions.filter((_, at) => at !== place))}
          />
        ))}
      </ol>
      <div>
        <Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={() => onChange([...actions, emptyAction('require')])}>
          {t('rule.action.add')}
        </Button>
      </div>
    </div>
  );
}
