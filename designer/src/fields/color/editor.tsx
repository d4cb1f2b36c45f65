import { TextInput } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';
import { frameOf } from '../frame';

const hex = /^#[0-9a-f]{6}$/i;

/** A colour, as its code or picked. */
export function ColorEditor(editor: EditorProps) {
  const t = useTexts();
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const text = typeof value === 'string' ? value : '';
  return (
    <TextInput
      {...frameOf(editor)}
      placeholder="#4353d6"
      leftSection={
        <input
          type="color"
          className={styles.colorPicker}
          aria-label={t('field.color.pick', { field: editor.field.label })}
          value={hex.test(text) ? text : '#888888'}
          onChange={(event) => editor.onChange({ [column]: event.currentTarget.value })}
        />
      }
      leftSectionPointerEvents="all"
      value={text}
      onChange={(event) => editor.onChange({ [column]: event.currentTarget.value || null })}
    />
  );
}
