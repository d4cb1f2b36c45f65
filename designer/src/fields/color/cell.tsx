import { valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

const safe = /^(#[0-9a-f]{3,8}|[a-z]+)$/i;

/** A colour and its code. */
export function ColorCell(props: CellProps) {
  const value = valueOf(props);
  if (typeof value !== 'string' || value === '') return null;
  return (
    <span>
      {safe.test(value) ? <span className={styles.swatch} style={{ background: value }} aria-hidden /> : null}
      {value}
    </span>
  );
}
