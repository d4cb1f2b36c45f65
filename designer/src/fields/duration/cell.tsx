import { formatDuration } from '@/lib/format';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A length of time. */
export function DurationCell(props: CellProps) {
  const value = valueOf(props);
  return isEmpty(value) ? null : <span className={styles.number}>{formatDuration(value)}</span>;
}
