import { Skeleton } from '@mantine/core';
import styles from './form.module.css';

/** The outline of a form while its record loads. */
export function RecordFormSkeleton() {
  return (
    <div className={styles.page} aria-busy>
      <div className={styles.header}>
        <Skeleton height={14} width={120} mb={12} />
        <Skeleton height={22} width="min(22rem, 70%)" />
      </div>
      <div className={styles.body}>
        <div className={styles.fields} data-columns={2}>
          {Array.from({ length: 8 }, (_, index) => (
            <div key={index}>
              <Skeleton height={10} width={90} mb={8} />
              <Skeleton height={32} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
