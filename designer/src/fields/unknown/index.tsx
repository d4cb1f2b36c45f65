import { Input } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import { FieldLabel } from '../field-label';
import { valueOf, type CellProps, type EditorProps, type FieldUi } from '../field-ui';
import styles from '../fields.module.css';

function UnknownCell(props: CellProps) {
  const value = valueOf(props);
  return <span className={styles.mono}>{value === null || value === undefined ? '' : JSON.stringify(value)}</span>;
}

function UnknownEditor({ field, values, compact }: EditorProps) {
  const t = useTexts();
  return (
    <Input.Wrapper label={compact ? undefined : <FieldLabel field={field} />} labelElement="div">
      <div className={styles.placeholder}>
        {t('field.unknown', { type: field.type })} <UnknownCell field={field} values={values} />
      </div>
    </Input.Wrapper>
  );
}

/** Stands for a type that this version has no editor for. */
export const unknown: FieldUi = { editor: UnknownEditor, cell: UnknownCell, filter: 'none', showsReadOnly: true, width: 160 };
