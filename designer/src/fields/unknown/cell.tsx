import { valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** The value as JSON. */
export function UnknownCell(props: CellProps) {
  const value = valueOf(props);
  return <span className={styles.mono}>{value === null || value === undefined ? '' : JSON.stringify(value)}</span>;
}
