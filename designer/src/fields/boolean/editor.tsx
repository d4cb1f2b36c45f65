import { Checkbox, Input, Switch } from '@mantine/core';
import { FieldLabel } from '../field-label';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';

/** Yes or no. */
export function BooleanEditor({ field, values, onChange, id, error, compact }: EditorProps) {
  const column = columnOf(field);
  const checked = values[column] === true;
  if (compact) {
    return (
      <div className={styles.compactReadOnly}>
        <Checkbox id={id} size="xs" aria-label={field.label} checked={checked} onChange={(event) => onChange({ [column]: event.currentTarget.checked })} />
      </div>
    );
  }
  return (
    <Input.Wrapper label={<FieldLabel field={field} />} labelProps={{ htmlFor: id }} error={error}>
      <div className={styles.readOnly} style={{ background: 'none', paddingInline: 0 }}>
        <Switch id={id} size="sm" checked={checked} onChange={(event) => onChange({ [column]: event.currentTarget.checked })} />
      </div>
    </Input.Wrapper>
  );
}
