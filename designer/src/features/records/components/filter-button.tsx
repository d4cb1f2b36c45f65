import { Button } from '@mantine/core';
import { IconFilter2 } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import styles from './list.module.css';

/** Shows and hides the filter; says how many conditions it has. */
export function FilterButton({ count, opened, onToggle }: { count: number; opened: boolean; onToggle(): void }) {
  const t = useTexts();
  return (
    <Button variant={count > 0 ? 'light' : 'default'} aria-expanded={opened} leftSection={<IconFilter2 size={15} stroke={1.7} />} onClick={onToggle}>
      <span className={styles.filterText}>{t('list.filter')}</span>
      {count > 0 ? <span className={styles.filterCount}>{count}</span> : null}
    </Button>
  );
}
