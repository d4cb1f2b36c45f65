import type { KeyboardEvent } from 'react';
import { Link } from 'react-router';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { administrationPath } from '@/lib/paths';
import type { Mail } from '../api/administration';
import styles from './administration.module.css';
import { Bones } from './bones';
import { StateBadge } from './state-badge';

/** Moves between the mails with the arrow keys. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  links[links.findIndex((link) => link === document.activeElement) + step]?.focus();
  event.preventDefault();
}

/** The mails to choose from, newest first. */
export function MailList({ mails, current }: { mails: Mail[] | undefined; current: string | undefined }) {
  const t = useTexts();
  if (!mails) return <Bones />;
  return (
    <ul className={styles.mails} aria-label={t('admin.mails')} onKeyDown={moveFocus}>
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link to={administrationPath('mails', mail.id)} className={styles.mail ?? ''} aria-current={mail.id === current ? 'true' : undefined}>
            <span className={styles.mailTop}>
              <span className={styles.mailTo}>{mail.recipients.join(', ')}</span>
              <StateBadge state={mail.state} />
            </span>
            <span className={styles.mailSubject}>{mail.subject || t('admin.mail.noSubject')}</span>
            <span className={styles.mailDate}>{formatDateTime(mail.createdAt, t.language)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
