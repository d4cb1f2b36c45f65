import { Tooltip } from '@mantine/core';
import { IconEyeOff, IconInfoCircle } from '@tabler/icons-react';
import type { Field } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import styles from './fields.module.css';

/** A field's label, with its explanation behind a sign. */
export function FieldLabel({ field }: { field: Field }) {
  const t = useTexts();
  return (
    <span className={styles.label}>
      {field.label}
      {field.recommended ? <span className={styles.recommended} aria-hidden /> : null}
      {field.masked ? (
        <Tooltip label={t('field.masked')} events={{ hover: true, focus: true, touch: true }}>
          <span className={styles.info} role="img" aria-label={t('field.masked')}>
            <IconEyeOff size={13} stroke={1.7} aria-hidden />
          </span>
        </Tooltip>
      ) : null}
      {field.description ? (
        <Tooltip label={field.description} events={{ hover: true, focus: true, touch: true }}>
          <span className={styles.info} role="img" aria-label={field.description}>
            <IconInfoCircle size={13} stroke={1.7} aria-hidden />
          </span>
        </Tooltip>
      ) : null}
    </span>
  );
}
