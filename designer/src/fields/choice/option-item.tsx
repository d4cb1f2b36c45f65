import { IconCheck } from '@tabler/icons-react';
import type { Field } from '@/api/model';
import { Dot } from '@/ui/badge';
import styles from './option-item.module.css';
import { optionOf } from './options';

/** One line of a list of options: colour, label, and a mark at the chosen one. */
export function OptionItem({ field, value, label, checked }: { field: Field; value: string; label: string; checked: boolean }) {
  return (
    <span className={styles.item}>
      {optionOf(field, value)?.color ? <Dot color={optionOf(field, value)?.color} /> : null}
      <span className={styles.label}>{label}</span>
      {checked ? <IconCheck size={14} aria-hidden /> : null}
    </span>
  );
}
