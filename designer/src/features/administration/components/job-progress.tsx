import { Progress } from '@mantine/core';
import { formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { Job } from '../api/jobs';
import styles from './administration.module.css';

/** How far a job has come. */
export function JobProgress({ job }: { job: Job }) {
  const t = useTexts();
  const seen = job.done + job.failed;
  const part = (count: number) => (job.total > 0 ? (count / job.total) * 100 : job.finishedAt ? 100 : 0);
  const text = t('job.progress', { done: formatNumber(seen, t.language), total: formatNumber(job.total, t.language) });
  return (
    <span className={styles.progress}>
      <Progress.Root size="sm" className={styles.progressBar ?? ''}>
        <Progress.Section value={part(job.total > 0 ? job.done : 0)} aria-label={t('job.progress.label')} aria-valuetext={text} />
        {job.failed > 0 ? <Progress.Section value={part(job.failed)} color="red" aria-label={t('job.failures')} aria-valuetext={String(job.failed)} /> : null}
      </Progress.Root>
      <span className={styles.progressText}>{text}</span>
    </span>
  );
}
