import { TimeInput } from '@mantine/dates';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

/** A time of day. */
export function TimeEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  return (
    <TimeInput
      {...frameOf(editor)}
      value={typeof value === 'string' ? value.slice(0, 5) : ''}
      onChange={(event) => editor.onChange({ [column]: event.currentTarget.value ? `${event.currentTarget.value}:00` : null })}
    />
  );
}
