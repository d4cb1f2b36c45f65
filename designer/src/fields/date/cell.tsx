import { formatDate } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A day in the reader's language. */
export function DateCell(props: CellProps) {
  const { language } = useTexts();
  const value = valueOf(props);
  return isEmpty(value) ? null : <span className={styles.number}>{formatDate(value, language)}</span>;
}
