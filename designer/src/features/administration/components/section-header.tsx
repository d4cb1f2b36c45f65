import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import styles from './administration.module.css';

/** The top of an administration page. */
export function SectionHeader({ title }: { title: string }) {
  usePageTitle(title);
  return (
    <PageHeader>
      <h1 className={styles.title}>{title}</h1>
    </PageHeader>
  );
}
