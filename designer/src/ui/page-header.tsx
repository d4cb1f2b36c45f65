import type { ReactNode } from 'react';
import styles from './page-header.module.css';

/** The line at the top of a page: what it is, and what can be done. */
export function PageHeader({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <header className={styles.header}>
      <div className={styles.title}>{children}</div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </header>
  );
}
