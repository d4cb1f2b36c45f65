import { Input } from '@mantine/core';
import { FieldLabel } from '../field-label';
import { columnOf, type EditorProps } from '../field-ui';
import { RichTextBox } from './rich-text-box';

/** Formatted text. */
export function RichTextEditor({ field, values, onChange, id, required, error }: EditorProps) {
  const column = columnOf(field);
  const value = values[column];
  return (
    <Input.Wrapper label={<FieldLabel field={field} />} labelElement="div" withAsterisk={required} error={error}>
      <RichTextBox
        id={id}
        label={field.label}
        value={typeof value === 'string' ? value : ''}
        invalid={Boolean(error)}
        required={required}
        onChange={(html) => onChange({ [column]: html })}
      />
    </Input.Wrapper>
  );
}
