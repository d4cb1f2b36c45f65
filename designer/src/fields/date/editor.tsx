import { DateInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { parseDate } from '@/lib/dates';
import { datePatternOf } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

/** A day, typed in the order of the reader's language or picked from a calendar. */
export function DateEditor(editor: EditorProps) {
  const t = useTexts();
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const pattern = datePatternOf(t.language);
  return (
    <DateInput
      {...frameOf(editor)}
      clearable={!editor.required && !editor.compact}
      clearButtonProps={{ 'aria-label': t('field.clear', { field: editor.field.label }), style: { minWidth: 24, minHeight: 24 } }}
      valueFormat={pattern}
      placeholder={editor.compact ? undefined : pattern.toLowerCase()}
      rightSection={editor.compact ? undefined : <IconCalendar size={15} stroke={1.6} aria-hidden />}
      rightSectionPointerEvents="none"
      highlightToday
      previousLabel={t('calendar.previous')}
      nextLabel={t('calendar.next')}
      popoverProps={{ withinPortal: true }}
      dateParser={(text) => parseDate(text, pattern)}
      value={typeof value === 'string' ? value.slice(0, 10) : null}
      onChange={(next) => editor.onChange({ [column]: next })}
    />
  );
}
