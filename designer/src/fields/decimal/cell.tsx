import { formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** A number with the digits that the field asks for. */
export function DecimalCell(props: CellProps & { unit?: string }) {
  const { language } = useTexts();
  const value = valueOf(props);
  if (isEmpty(value)) return null;
  const digits = props.field.scale ?? undefined;
  const scale = digits === undefined ? undefined : { least: Math.min(digits, 2), most: digits };
  return (
    <span className={styles.number}>
      {formatNumber(value, language, scale)}
      {props.unit}
    </span>
  );
}
