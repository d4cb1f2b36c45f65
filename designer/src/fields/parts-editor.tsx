import type { CSSProperties } from 'react';
import { Input, TextInput } from '@mantine/core';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { FieldLabel } from './field-label';
import { columnOf, type EditorProps } from './field-ui';
import styles from './fields.module.css';

/** One input of a composite field. */
export interface Part {
  name: string;
  label: TextKey;
  /** Twelfths of the row. */
  span: number;
}

/** A field of several texts, side by side under one heading. */
export function PartsEditor({ parts, ...editor }: EditorProps & { parts: readonly Part[] }) {
  const t = useTexts();
  const { field, values, onChange, id, required, error } = editor;
  return (
    <Input.Wrapper error={error}>
      <fieldset id={id} className={styles.parts} tabIndex={-1}>
        <legend className={styles.legend}>
          <FieldLabel field={field} />
          {required ? <span style={{ color: 'var(--x-danger)' }}> *</span> : null}
        </legend>
        {parts.map((part) => {
          const column = columnOf(field, part.name);
          const value = values[column];
          return (
            <div key={part.name} style={{ '--span': part.span } as CSSProperties}>
              <TextInput
                aria-label={t(part.label)}
                placeholder={t(part.label)}
                autoComplete="off"
                value={typeof value === 'string' ? value : ''}
                onChange={(event) => onChange({ [column]: event.currentTarget.value || null })}
              />
            </div>
          );
        })}
      </fieldset>
    </Input.Wrapper>
  );
}
