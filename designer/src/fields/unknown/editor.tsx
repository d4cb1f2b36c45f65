import { Input } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import { FieldLabel } from '../field-label';
import type { EditorProps } from '../field-ui';
import styles from '../fields.module.css';
import { UnknownCell } from './cell';

/** Says that this version cannot edit the type, and shows the value. */
export function UnknownEditor({ field, values, compact }: EditorProps) {
  const t = useTexts();
  return (
    <Input.Wrapper label={compact ? undefined : <FieldLabel field={field} />} labelElement="div">
      <div className={styles.placeholder}>
        {t('field.unknown', { type: field.type })} <UnknownCell field={field} values={values} />
      </div>
    </Input.Wrapper>
  );
}
