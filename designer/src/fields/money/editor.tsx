import { Select } from '@mantine/core';
import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import { NumberEditor } from '../decimal/editor';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';

const common = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'CAD', 'AUD', 'CNY', 'INR'];
const isoCode = /^[A-Z]{3}$/;

/** An amount and its currency; the currency is fixed where the field or another field of the record says it. */
export function MoneyEditor(editor: EditorProps) {
  const t = useTexts();
  const base = useModel().source.baseCurrency;
  const column = columnOf(editor.field, 'currency');
  const setting = editor.field.currency;
  const stored = editor.values[column];
  const fromField = setting && !isoCode.test(setting) ? editor.values[setting] : setting;
  const currency = String((setting ? (fromField ?? stored) : stored) ?? base ?? '');
  const digits = editor.field.scale ?? 2;

  if (setting || editor.compact) return <NumberEditor {...editor} digits={digits} fixed unit={<small>{currency}</small>} />;
  const options = [...new Set([currency, base ?? '', ...common])].filter(Boolean);
  return (
    <div className={styles.pair}>
      <NumberEditor {...editor} digits={digits} fixed />
      <Select
        label={'\u00a0'}
        w={92}
        aria-label={t('field.money.currency', { field: editor.field.label })}
        data={options}
        value={currency || null}
        allowDeselect={false}
        searchable
        comboboxProps={{ width: 120 }}
        onChange={(next) => editor.onChange({ [column]: next })}
      />
    </div>
  );
}
