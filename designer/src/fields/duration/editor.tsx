import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatDuration, parseDuration } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, isEmpty, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

/** A length of time, typed as `2h 30m`, `1:30`, or in minutes. */
export function DurationEditor(editor: EditorProps) {
  const t = useTexts();
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = draft !== null && draft.trim() !== '' && parseDuration(draft) === null;
  const change = (text: string) => {
    setDraft(text);
    const seconds = parseDuration(text);
    if (seconds !== null || text.trim() === '') editor.onChange({ [column]: seconds });
  };
  return (
    <TextInput
      {...frameOf(editor)}
      error={editor.error ?? (wrong ? t('field.duration.wrong') : undefined)}
      placeholder={editor.compact ? undefined : '1h 30m'}
      value={draft ?? (isEmpty(value) ? '' : formatDuration(value))}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={() => setDraft(wrong ? draft : null)}
    />
  );
}
