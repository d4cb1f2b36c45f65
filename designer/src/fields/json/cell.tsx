import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A JSON value in one line. */
export function JsonCell(props: CellProps) {
  const value = valueOf(props);
  return isEmpty(value) ? null : <span className={styles.mono}>{JSON.stringify(value)}</span>;
}
