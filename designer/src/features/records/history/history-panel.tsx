import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import type { HistoryEntry as Entry } from '../api/history';
import type { RecordForm } from '../hooks/use-record-form';
import { HistoryEntry } from './history-entry';
import { HistoryState } from './history-state';
import styles from './history.module.css';
import { daysOf } from './story';
import { useHistory } from './use-history';

function Timeline({ form, onShow }: { form: RecordForm; onShow(entry: Entry): void }) {
  const t = useTexts();
  const { pages, entries } = useHistory(form);
  const [now] = useState(() => Date.now());
  if (pages.isPending) return <Bone width="80%" />;
  if (pages.isError && entries.length === 0)
    return <Message icon="alert" title={t('list.failed')} text={failureText(t, pages.error)} action={{ label: t('common.retry'), onClick: () => void pages.refetch() }} />;
  if (entries.length === 0) return <Message icon="empty" title={t('history.empty')} text={t('history.empty.text')} />;
  return (
    <>
      {daysOf(entries, Math.max(now, pages.dataUpdatedAt), t).map((day) => (
        <section key={day.label} className={styles.day}>
          <h3 className={styles.dayTitle}>{day.label}</h3>
          <ol className={styles.entries}>
            {day.entries.map((entry) => (
              <HistoryEntry key={entry.id} entry={entry} now={Math.max(now, pages.dataUpdatedAt)} onShow={() => onShow(entry)} />
            ))}
          </ol>
        </section>
      ))}
      {pages.hasNextPage ? (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('history.more')}
        </Button>
      ) : null}
    </>
  );
}

/** What happened to a record, told as a story beside its form. */
export function HistoryPanel({ form, title, opened, onClose }: { form: RecordForm; title: string; opened: boolean; onClose(): void }) {
  const t = useTexts();
  const narrow = useNarrow();
  const [shown, setShown] = useState<Entry | null>(null);
  const close = () => {
    setShown(null);
    onClose();
  };
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size={narrow ? '100%' : '30rem'}
      title={t('history.of', { name: title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)', overflowWrap: 'anywhere' } }}
    >
      <div className={styles.panel}>
        {shown ? <HistoryState key={shown.id} form={form} entry={shown} onBack={() => setShown(null)} onRestored={() => setShown(null)} /> : <Timeline form={form} onShow={setShown} />}
      </div>
    </Drawer>
  );
}
