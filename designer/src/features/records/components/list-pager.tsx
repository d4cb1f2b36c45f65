import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { pageSize, type RecordList } from '../hooks/use-record-list';
import styles from './list.module.css';

/** Which rows are shown, of how many, and the way to the others. */
export function ListPager({ list }: { list: RecordList }) {
  const t = useTexts();
  const { state, count } = list;
  const shown = list.rows.data?.rows.length ?? 0;
  const from = (state.page - 1) * pageSize + 1;
  const to = from + shown - 1;
  const known = typeof count === 'number';
  const hasNext = known ? to < count : (list.rows.data?.hasMore ?? shown === pageSize);
  const write = (number: number) => formatNumber(number, t.language);
  const range = { from: write(from), to: write(to), count: known ? write(count) : '' };
  return (
    <footer className={styles.pager}>
      <span aria-live="polite">{shown > 0 ? t(known ? 'list.count' : 'list.countUnknown', range) : ' '}</span>
      <nav aria-label={t('list.pages')}>
        <ActionIcon aria-label={t('list.previous')} disabled={state.page <= 1} onClick={() => state.setPage(state.page - 1)}>
          <IconChevronLeft size={17} />
        </ActionIcon>
        <ActionIcon aria-label={t('list.next')} disabled={!hasNext} onClick={() => state.setPage(state.page + 1)}>
          <IconChevronRight size={17} />
        </ActionIcon>
      </nav>
    </footer>
  );
}
