import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './credential-list.module.css';

interface Entry {
  id: string;
  name: string;
  badge?: ReactNode;
  details: (string | null | undefined)[];
  /** What can be done with it. */
  action?: { label: string; busy?: boolean; onClick(): void } | undefined;
}

/** Sessions, tokens or passkeys, each with what is known of it and what can be done. */
export function CredentialList({ label, entries, empty }: { label: string; entries: Entry[] | undefined; empty: string }) {
  if (!entries) return <div className={styles.waiting} aria-hidden />;
  if (entries.length === 0) return <p className={styles.empty}>{empty}</p>;
  return (
    <ul className={styles.list} aria-label={label}>
      {entries.map(({ id, name, badge, details, action }) => (
        <li key={id} className={styles.row}>
          <div className={styles.text}>
            <span className={styles.name}>
              {name} {badge}
            </span>
            <span className={styles.details}>{details.filter(Boolean).join(' · ')}</span>
          </div>
          {action ? (
            <Button variant="default" loading={action.busy ?? false} aria-label={`${action.label}: ${name}`} onClick={action.onClick}>
              {action.label}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
