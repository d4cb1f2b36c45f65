import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatDateTime, formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import type { Job } from '../api/jobs';
import { useJobTitle } from '../hooks/use-job-title';
import { useJobs } from '../hooks/use-jobs';
import { JobFailures } from './job-failures';
import { JobProgress } from './job-progress';
import { ListFrame } from './list-frame';
import { SectionHeader } from './section-header';
import { StateBadge } from './state-badge';
import { WorkTable, type WorkColumn } from './work-table';

function useColumns(): WorkColumn<Job>[] {
  const t = useTexts();
  const titleOf = useJobTitle();
  const hintOf = (job: Job) => (job.kind === 'recompute' ? t('job.recompute.text') : decodeURIComponent(job.query));
  return [
    { label: t('job.title'), cell: (job) => <strong title={hintOf(job)}>{titleOf(job)}</strong> },
    { label: t('job.progress.label'), width: 14, cell: (job) => <JobProgress job={job} /> },
    { label: t('admin.state'), width: 8, cell: (job) => <StateBadge state={job.state} /> },
    { label: t('job.user'), width: 10, cell: (job) => job.user.name ?? job.user.id },
    { label: t('job.asked'), width: 10, cell: (job) => formatDateTime(job.createdAt, t.language) },
  ];
}

interface JobActionsProps {
  job: Job;
  busy: boolean;
  onCancel(): void;
  onFailures(): void;
}

function JobActions({ job, busy, onCancel, onFailures }: JobActionsProps) {
  const t = useTexts();
  // What a publish needs is done in any case.
  if (job.kind === 'recompute') return null;
  if (!job.finishedAt)
    return (
      <Button variant="default" loading={busy} onClick={onCancel}>
        {t('job.cancel')}
      </Button>
    );
  if (job.failed === 0) return null;
  return (
    <Button variant="default" onClick={onFailures}>
      {t('job.failures.show', { count: formatNumber(job.failed, t.language) })}
    </Button>
  );
}

/** Changes of many records: how far they have come, and what could not be changed. */
export function JobsPage() {
  const t = useTexts();
  const { jobs, busyId, cancel } = useJobs();
  const [asked, setAsked] = useState<Job | null>(null);
  const [shown, setShown] = useState<Job | null>(null);
  const columns = useColumns();
  const close = () => setAsked(null);
  const confirm = () => {
    if (asked) cancel(asked);
    close();
  };
  return (
    <>
      <SectionHeader title={t('job.jobs')} />
      <ListFrame query={jobs} empty={{ title: t('job.empty'), text: t('job.empty.text') }}>
        <WorkTable
          label={t('job.jobs')}
          rows={jobs.data}
          columns={columns}
          errorOf={(job) => job.error?.detail ?? null}
          actions={(job) => <JobActions job={job} busy={busyId === job.id} onCancel={() => setAsked(job)} onFailures={() => setShown(job)} />}
        />
      </ListFrame>
      <JobFailures job={shown} onClose={() => setShown(null)} />
      <Question
        opened={asked !== null}
        title={t('job.cancel.title')}
        text={t('job.cancel.text')}
        onClose={close}
        answers={[
          { label: t('admin.run.keep'), safe: true, onClick: close },
          { label: t('job.cancel'), color: 'red', variant: 'filled', onClick: confirm },
        ]}
      />
    </>
  );
}
