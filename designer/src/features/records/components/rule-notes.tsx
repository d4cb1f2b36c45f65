import { IconAlertCircle, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { RuleNote } from '@/fields/rules';
import styles from './rule-notes.module.css';

const icons = { error: IconAlertCircle, warning: IconAlertTriangle, info: IconInfoCircle };

/** What rules tell, where it belongs. The form says it to screen readers. */
export function RuleNotes({ notes, ofRecord = false }: { notes: RuleNote[]; ofRecord?: boolean }) {
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes} data-of-record={ofRecord || undefined}>
      {notes.map(({ kind, message }) => {
        const Icon = icons[kind];
        return (
          <li key={`${kind}${message}`} className={styles.note} data-kind={kind}>
            <Icon size={14} stroke={1.7} aria-hidden />
            <span>{message}</span>
          </li>
        );
      })}
    </ul>
  );
}
