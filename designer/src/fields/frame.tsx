import type { ReactNode } from 'react';
import type { EditorProps } from './field-ui';
import { FieldLabel } from './field-label';
import styles from './fields.module.css';

interface Frame {
  id: string;
  label: ReactNode;
  'aria-label': string | undefined;
  withAsterisk: boolean;
  'aria-required': boolean | undefined;
  error: ReactNode;
  variant: 'default' | 'unstyled';
  classNames: { input: string; wrapper: string } | undefined;
  autoFocus: boolean;
}

/** What every input of the component library gets from an editor's props. */
export function frameOf({ id, field, required, error, compact, autoFocus }: EditorProps): Frame {
  return {
    id,
    label: compact ? undefined : <FieldLabel field={field} />,
    'aria-label': compact ? field.label : undefined,
    withAsterisk: required && !compact,
    'aria-required': required || undefined,
    error,
    variant: compact ? 'unstyled' : 'default',
    classNames: compact ? { input: styles.compact ?? '', wrapper: styles.compactFrame ?? '' } : undefined,
    autoFocus: autoFocus ?? false,
  };
}
