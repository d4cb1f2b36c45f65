import { Textarea } from '@mantine/core';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

interface MultilineEditorProps extends EditorProps {
  mono?: boolean;
}

/** Several lines of text; the field grows with them. */
export function MultilineEditor({ mono, ...editor }: MultilineEditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  return (
    <Textarea
      {...frameOf(editor)}
      autosize
      minRows={editor.compact ? 1 : mono ? 4 : 3}
      maxRows={16}
      spellCheck={!mono}
      styles={mono ? { input: { fontFamily: 'var(--x-mono)' } } : {}}
      maxLength={editor.field.maxLength ?? undefined}
      value={value === null || value === undefined ? '' : String(value)}
      onChange={(event) => editor.onChange({ [column]: event.currentTarget.value || null })}
    />
  );
}
