import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { administrationPath } from '@/lib/paths';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import type { Mail } from '../api/administration';
import styles from './administration.module.css';
import { Bones } from './bones';
import { StateBadge } from './state-badge';

function Back() {
  const t = useTexts();
  return (
    <Anchor component={Link} to={administrationPath('mails')} className={styles.back ?? ''} inherit>
      <IconArrowLeft size={16} aria-hidden /> {t('admin.mail.back')}
    </Anchor>
  );
}

function Letter({ mail }: { mail: Mail }) {
  const t = useTexts();
  return (
    <>
      <h2 className={styles.subject}>{mail.subject || t('admin.mail.noSubject')}</h2>
      <dl className={styles.facts}>
        <div>
          <dt>{t('admin.mail.to')}</dt>
          <dd>{mail.recipients.join(', ')}</dd>
        </div>
        <div>
          <dt>{t('admin.mail.written')}</dt>
          <dd>{formatDateTime(mail.createdAt, t.language)}</dd>
        </div>
        <div>
          <dt>{t('admin.state')}</dt>
          <dd>
            <StateBadge state={mail.state} />
          </dd>
        </div>
        {mail.attempts > 0 ? (
          <div>
            <dt>{t('admin.attempts')}</dt>
            <dd>{mail.attempts}</dd>
          </div>
        ) : null}
      </dl>
      {mail.lastError ? <p className={styles.error}>{mail.lastError}</p> : null}
      <div className={styles.body}>{mail.body}</div>
    </>
  );
}

interface MailReaderProps {
  mail: Mail | undefined;
  /** Whether the address names a mail, which may be gone. */
  isChosen: boolean;
  isLoading: boolean;
}

/** The mail that is read. */
export function MailReader({ mail, isChosen, isLoading }: MailReaderProps) {
  const t = useTexts();
  const narrow = useNarrow();
  const nothing = isLoading ? <Bones /> : <Message icon="empty" title={t(isChosen ? 'admin.mail.gone' : 'admin.mail.choose')} />;
  return (
    <article className={styles.reader} aria-label={t('admin.mail')}>
      {narrow ? <Back /> : null}
      {mail ? <Letter mail={mail} /> : nothing}
    </article>
  );
}
