import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { RecordName } from '@/fields/record-name';
import { useTexts } from '@/lib/i18n/text';
import { jobQuery, type Job } from '../api/jobs';
import { useRecordNames } from '@/api/use-record-names';
import styles from './administration.module.css';
import { Bones } from './bones';

function Failures({ job }: { job: Job }) {
  const t = useTexts();
  const answer = useQuery(jobQuery(useApi(), job.id));
  const entity = useModel().byPlural(job.collection)?.name ?? job.collection;
  const failures = answer.data?.failures ?? [];
  const nameOf = useRecordNames(failures.map(({ recordId }) => ({ entity, recordId })));
  if (answer.isError) return <p className={styles.error}>{failureText(t, answer.error)}</p>;
  if (!answer.data) return <Bones />;
  return (
    <>
      {failures.length < job.failed ? <p>{t('job.failures.first', { count: failures.length })}</p> : null}
      <ul className={styles.plain}>
        {failures.map((failure) => (
          <li key={failure.recordId} className={styles.card}>
            <RecordName entity={entity} id={failure.recordId} name={nameOf(failure.recordId)} />
            <p className={styles.error}>{failure.detail}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The records that a job could not change, and why. */
export function JobFailures({ job, onClose }: { job: Job | null; onClose(): void }) {
  const t = useTexts();
  return (
    <Modal opened={job !== null} onClose={onClose} size="lg" title={t('job.failures')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {job ? <Failures job={job} /> : null}
    </Modal>
  );
}
