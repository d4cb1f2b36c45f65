import { useParams } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { useNarrow } from '@/ui/narrow';
import { useMails } from '../hooks/use-mails';
import styles from './administration.module.css';
import { ListFrame } from './list-frame';
import { MailList } from './mail-list';
import { MailReader } from './mail-reader';
import { SectionHeader } from './section-header';

/** The outbox: every mail that was written, and the one that is read. */
export function MailsPage() {
  const t = useTexts();
  const { id } = useParams();
  const narrow = useNarrow();
  const { mails, read, lacksServer } = useMails(id);
  return (
    <>
      <SectionHeader title={t('admin.mails')} />
      {lacksServer ? (
        <p className={styles.notice} role="status">
          {t('admin.mails.noServer')}
        </p>
      ) : null}
      <ListFrame query={mails} empty={{ title: t('admin.mails.empty'), text: t('admin.mails.empty.text') }}>
        <div className={styles.split}>
          {narrow && id ? null : <MailList mails={mails.data} current={id} />}
          {narrow && !id ? null : <MailReader mail={read} isChosen={Boolean(id)} isLoading={mails.isPending} />}
        </div>
      </ListFrame>
    </>
  );
}
