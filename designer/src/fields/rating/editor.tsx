import { ActionIcon, Input, Rating } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import { FieldLabel } from '../field-label';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';

/** Stars from one to the field's maximum. */
export function RatingEditor({ field, values, onChange, id, required, error, compact }: EditorProps) {
  const t = useTexts();
  const column = columnOf(field);
  const value = Number(values[column] ?? 0);
  return (
    <Input.Wrapper label={compact ? undefined : <FieldLabel field={field} />} labelElement="div" withAsterisk={required && !compact} error={error}>
      <div id={id} className={styles.readOnly} style={{ background: 'none', gap: 8, paddingInline: compact ? 8 : 0 }} role="group" aria-label={field.label} tabIndex={-1}>
        <Rating count={field.max ?? 5} value={value} onChange={(next) => onChange({ [column]: next || null })} />
        {value > 0 && !required ? (
          <ActionIcon size={24} aria-label={t('field.clear', { field: field.label })} onClick={() => onChange({ [column]: null })}>
            <IconX size={12} />
          </ActionIcon>
        ) : null}
      </div>
    </Input.Wrapper>
  );
}
