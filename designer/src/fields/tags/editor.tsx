import { TagsInput } from '@mantine/core';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

/** Words that anybody can add. */
export function TagsEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  return (
    <TagsInput
      {...frameOf(editor)}
      acceptValueOnBlur
      splitChars={[',', ';']}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={(next) => editor.onChange({ [column]: next.length ? next : null })}
    />
  );
}
