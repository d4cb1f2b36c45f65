import { Badge } from '@/ui/badge';
import { optionOf } from '../choice/options';
import { valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** The chosen values in their colours. */
export function ChoicesCell(props: CellProps) {
  const value = valueOf(props);
  if (!Array.isArray(value) || value.length === 0) return null;
  return (
    <span className={styles.pills}>
      {value.map((each) => (
        <Badge key={String(each)} color={optionOf(props.field, each)?.color} label={optionOf(props.field, each)?.label ?? String(each)} />
      ))}
    </span>
  );
}
