import { TextInput } from '@mantine/core';
import type { HTMLInputTypeAttribute } from 'react';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

interface TextEditorProps extends EditorProps {
  inputType?: HTMLInputTypeAttribute;
  mono?: boolean;
}

/** One line of text. */
export function TextEditor({ inputType = 'text', mono, ...editor }: TextEditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  return (
    <TextInput
      {...frameOf(editor)}
      type={inputType}
      styles={mono ? { input: { fontFamily: 'var(--x-mono)' } } : {}}
      autoComplete="off"
      maxLength={editor.field.maxLength ?? undefined}
      value={value === null || value === undefined ? '' : String(value)}
      onChange={(event) => editor.onChange({ [column]: event.currentTarget.value || null })}
    />
  );
}
