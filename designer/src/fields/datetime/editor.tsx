import { TimeInput } from '@mantine/dates';
import { joinMoment, splitMoment } from '@/lib/dates';
import { useTexts } from '@/lib/i18n/text';
import { DateEditor } from '../date/editor';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';

/** A moment: day and time in the reader's time zone. */
export function DateTimeEditor(editor: EditorProps) {
  const t = useTexts();
  const column = columnOf(editor.field);
  const { date, time } = splitMoment(editor.values[column]);
  const change = (nextDate: string | null, nextTime: string) =>
    editor.onChange({ [column]: nextDate ? joinMoment(nextDate, nextTime) : null });
  return (
    <div className={styles.pair}>
      <DateEditor {...editor} values={{ [column]: date || null }} onChange={(next) => change(next[column] as string | null, time)} />
      <TimeInput
        label={editor.compact ? undefined : '\u00a0'}
        w={104}
        variant={editor.compact ? 'unstyled' : 'default'}
        aria-label={t('field.datetime.time', { field: editor.field.label })}
        value={time}
        disabled={!date}
        onChange={(event) => change(date, event.currentTarget.value)}
      />
    </div>
  );
}
