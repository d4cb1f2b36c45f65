import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import styles from './administration.module.css';

interface ListFrameProps {
  query: UseQueryResult<unknown[]>;
  empty: { title: string; text: string };
  children: ReactNode;
}

/** The place of a list, or what stands there when it could not be loaded or is empty. */
export function ListFrame({ query, empty, children }: ListFrameProps) {
  const t = useTexts();
  if (query.isError && !query.data) {
    return <Message icon="alert" title={t('list.failed')} text={failureText(t, query.error)} action={{ label: t('common.retry'), onClick: () => void query.refetch() }} />;
  }
  if (query.data?.length === 0) return <Message icon="empty" title={empty.title} text={empty.text} />;
  return (
    <>
      {query.isError ? <p className={styles.notice} role="status" data-kind="danger">{t('admin.stale', { reason: failureText(t, query.error) })}</p> : null}
      {children}
    </>
  );
}
