import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A moment in the reader's language and time zone. */
export function DateTimeCell(props: CellProps) {
  const { language } = useTexts();
  const value = valueOf(props);
  return isEmpty(value) ? null : <span className={styles.number}>{formatDateTime(value, language)}</span>;
}
