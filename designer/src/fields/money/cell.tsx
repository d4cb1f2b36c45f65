import { useModel } from '@/api/application-model';
import { formatMoney } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, isEmpty, valueOf, type CellProps } from '../field-ui';
import styles from '../fields.module.css';

/** An amount with its currency. */
export function MoneyCell(props: CellProps) {
  const { language } = useTexts();
  const base = useModel().source.baseCurrency;
  const value = valueOf(props);
  if (isEmpty(value)) return null;
  const currency = props.values[columnOf(props.field, 'currency')] ?? base;
  return <span className={styles.number}>{formatMoney(value, currency, language)}</span>;
}
