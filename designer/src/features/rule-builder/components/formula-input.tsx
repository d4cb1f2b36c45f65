import { Autocomplete, Textarea } from '@mantine/core';
import type { Entity } from '@/api/model';
import { useFormulaCheck } from '../hooks/use-formula-check';
import styles from './rule-builder.module.css';

interface FormulaInputProps {
  entity: Entity;
  label: string;
  value: string;
  /** Field that takes the value; missing for a condition. */
  field?: string | undefined;
  /** What can be chosen instead of written; several lines can be written where there is nothing to choose. */
  suggestions?: string[];
  placeholder?: string;
  onChange(value: string): void;
}

/** A formula, checked while it is written. */
export function FormulaInput({ entity, label, value, field, suggestions, placeholder, onChange }: FormulaInputProps) {
  const error = useFormulaCheck(entity.name, value, field);
  const common = { 'aria-label': label, value, error, placeholder, classNames: { input: styles.code ?? '' }, spellCheck: false };
  if (suggestions) return <Autocomplete {...common} data={suggestions} onChange={onChange} />;
  return <Textarea {...common} rows={2} resize="vertical" onChange={(event) => onChange(event.currentTarget.value)} />;
}
