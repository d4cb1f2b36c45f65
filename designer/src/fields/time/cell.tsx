import { formatTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A time of day in the reader's language. */
export function TimeCell(props: CellProps) {
  const { language } = useTexts();
  const value = valueOf(props);
  return isEmpty(value) ? null : <span className={styles.number}>{formatTime(value, language)}</span>;
}
