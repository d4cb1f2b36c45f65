import type { CSSProperties } from 'react';
import { colorOf } from './color';
import styles from './badge.module.css';

/** A short word in a colour of the palette. */
export function Badge({ color, label }: { color?: string | null | undefined; label: string }) {
  return (
    <span className={styles.badge} style={{ '--badge': colorOf(color) } as CSSProperties}>
      <span className={styles.dot} aria-hidden />
      <span className={styles.text}>{label}</span>
    </span>
  );
}

/** The colour alone, as a dot. */
export function Dot({ color }: { color?: string | null | undefined }) {
  return <span className={styles.dot} style={{ '--badge': colorOf(color) } as CSSProperties} aria-hidden />;
}
