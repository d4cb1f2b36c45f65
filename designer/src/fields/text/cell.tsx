import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** Text as it is. */
export function TextCell(props: CellProps) {
  const value = valueOf(props);
  return <>{value === null || value === undefined ? null : String(value)}</>;
}

/** Text in letters of one width. */
export function MonoCell(props: CellProps) {
  if (isEmpty(valueOf(props))) return null;
  return (
    <span className={styles.mono}>
      <TextCell {...props} />
    </span>
  );
}
