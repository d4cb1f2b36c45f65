import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { numberSigns } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { columnOf, type EditorProps } from '../field-ui';
import styles from '../fields.module.css';
import { frameOf } from '../frame';

interface NumberEditorProps extends EditorProps {
  /** Digits after the point; any number of them where missing. */
  digits?: number | undefined;
  /** Fills up with zeros once the field is left. */
  fixed?: boolean;
  unit?: ReactNode;
}

/** A number, written with the signs of the reader's language. */
export function NumberEditor({ digits, fixed, unit, ...editor }: NumberEditorProps) {
  const { language } = useTexts();
  const signs = numberSigns(language);
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const frame = frameOf(editor);
  return (
    <NumberInput
      {...frame}
      {...(frame.classNames ? { classNames: { ...frame.classNames, input: `${frame.classNames.input} ${styles.end}` } } : {})}
      hideControls
      decimalSeparator={signs.decimal}
      thousandSeparator={signs.thousands}
      allowedDecimalSeparators={[signs.decimal]}
      fixedDecimalScale={fixed ?? false}
      {...(digits === undefined ? {} : { decimalScale: digits })}
      rightSection={unit}
      inputMode={digits === 0 ? 'numeric' : 'decimal'}
      rightSectionWidth={unit ? (editor.compact ? 36 : 44) : undefined}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      onChange={(next) => editor.onChange({ [column]: next === '' || next === '-' ? null : next })}
    />
  );
}

/** A decimal number with the field's digits after the point. */
export function DecimalEditor(editor: EditorProps) {
  return <NumberEditor {...editor} digits={editor.field.scale ?? undefined} />;
}
