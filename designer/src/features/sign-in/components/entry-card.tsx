import type { ReactNode } from 'react';
import { Logo } from '@/ui/logo';
import styles from './entry.module.css';

/** The card in the middle of a page that stands before the application. */
export function EntryCard({ title, subtitle, children }: { title: string; subtitle: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo size={36} />
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.subtitle}>{subtitle}</p>
        {children}
      </div>
    </main>
  );
}
