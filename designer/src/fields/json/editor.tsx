import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

function write(value: unknown): string {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** A JSON value as text; it becomes the field's value once it can be read. */
export function JsonEditor(editor: EditorProps) {
  const t = useTexts();
  const column = columnOf(editor.field);
  const [draft, setDraft] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  const change = (text: string) => {
    setDraft(text);
    try {
      editor.onChange({ [column]: text.trim() === '' ? null : (JSON.parse(text) as unknown) });
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <Textarea
      {...frameOf(editor)}
      error={editor.error ?? (broken ? t('field.json.broken') : undefined)}
      autosize
      minRows={editor.compact ? 1 : 4}
      maxRows={20}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--x-mono)' } }}
      value={draft ?? write(editor.values[column])}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={() => setDraft(broken ? draft : null)}
    />
  );
}
