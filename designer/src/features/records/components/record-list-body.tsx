import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import type { RecordList } from '../hooks/use-record-list';
import styles from './list.module.css';
import { RecordCards } from './record-cards';
import { RecordTable } from './record-table';

function EmptyList({ list }: { list: RecordList }) {
  const t = useTexts();
  const name = list.entity.pluralLabel;
  if (!list.isNarrowed) return <Message icon="empty" title={t('list.empty', { name })} text={list.entity.rights.create ? t('list.empty.text') : undefined} />;
  return (
    <Message
      icon="search"
      title={t('list.nothing')}
      text={t('list.nothing.text', { name })}
      action={{ label: t('list.clear'), onClick: list.state.clear }}
    />
  );
}

/** The rows of a list, or what stands in their place. */
export function RecordListBody({ list, app }: { list: RecordList; app: string }) {
  const t = useTexts();
  const narrow = useNarrow();
  const { rows } = list;
  if (rows.isError && !rows.data) {
    return (
      <div className={styles.scroll}>
        <Message icon="alert" title={t('list.failed')} text={rows.error.message} action={{ label: t('common.retry'), onClick: () => void rows.refetch() }} />
      </div>
    );
  }
  const isEmpty = rows.data?.rows.length === 0;
  return (
    <div className={styles.scroll} data-stale={rows.isPlaceholderData || undefined} aria-busy={rows.isFetching}>
      {rows.isPlaceholderData ? <div className={styles.progress} role="progressbar" aria-label={t('list.refreshing')} /> : null}
      {isEmpty ? <EmptyList list={list} /> : narrow ? <RecordCards list={list} app={app} /> : <RecordTable list={list} app={app} />}
    </div>
  );
}
