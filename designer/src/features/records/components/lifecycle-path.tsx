import { IconCheck } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import type { Field } from '@/api/model';
import { columnOf } from '@/fields/field-ui';
import { useTexts } from '@/lib/i18n/text';
import { colorOf } from '@/ui/color';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './lifecycle-path.module.css';

/** Where a record stands on its way through its states. */
export function LifecyclePath({ field, form }: { field: Field; form: RecordForm }) {
  const t = useTexts();
  const value = form.values[columnOf(field)];
  const options = (field.options ?? []).filter((option) => !option.retired || option.value === value);
  const current = options.findIndex((option) => option.value === value);
  return (
    <ol className={styles.path} aria-label={field.label}>
      {options.map((option, place) => (
        <li
          key={option.value}
          className={styles.step}
          data-state={place === current ? 'current' : place < current ? 'passed' : 'ahead'}
          aria-current={place === current ? 'step' : undefined}
          aria-label={place === current ? `${option.label} (${t('form.current')})` : undefined}
          style={{ '--step': colorOf(option.color) } as CSSProperties}
        >
          {place < current ? <IconCheck size={13} aria-hidden /> : null}
          {option.label}
        </li>
      ))}
    </ol>
  );
}
