import { Button } from '@mantine/core';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import { RecordName } from '@/fields/record-name';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import type { WorkflowRun } from '../api/administration';
import { useRecordNames } from '@/api/use-record-names';
import { useWorkflowRuns } from '../hooks/use-workflow-runs';
import { ListFrame } from './list-frame';
import { SectionHeader } from './section-header';
import { StateBadge } from './state-badge';
import { WorkTable, type WorkColumn } from './work-table';

function useColumns(runs: readonly WorkflowRun[]): WorkColumn<WorkflowRun>[] {
  const t = useTexts();
  const model = useModel();
  const nameOf = useRecordNames(runs);
  const labelOf = ({ entity, workflow }: WorkflowRun) => model.entity(entity)?.buttons.find((button) => button.name === workflow)?.label ?? workflow;
  const end = (run: WorkflowRun) => (run.finishedAt ? formatDateTime(run.finishedAt, t.language) : t('admin.run.next', { at: formatDateTime(run.nextAttemptAt, t.language) }));
  return [
    { label: t('admin.workflow'), width: 14, cell: (run) => <strong title={run.workflow}>{labelOf(run)}</strong> },
    { label: t('admin.record'), cell: (run) => (run.entity ? <RecordName entity={run.entity} id={run.recordId} name={nameOf(run.recordId)} /> : '–') },
    { label: t('admin.state'), width: 8, cell: (run) => <StateBadge state={run.state} /> },
    { label: t('admin.started'), width: 9, cell: (run) => formatDateTime(run.startedAt, t.language) },
    { label: t('admin.finished'), width: 11, cell: end },
  ];
}

function RunActions({ run, busy, onResume, onCancel }: { run: WorkflowRun; busy: boolean; onResume(): void; onCancel(): void }) {
  const t = useTexts();
  const action =
    run.state === 'failed'
      ? { label: t('admin.run.resume'), onClick: onResume }
      : run.state === 'running' || run.state === 'waiting'
        ? { label: t('admin.run.cancel'), onClick: onCancel }
        : null;
  if (!action) return null;
  return (
    <Button variant="default" loading={busy} onClick={action.onClick}>
      {action.label}
    </Button>
  );
}

/** The runs of workflows: where they stand, and what went wrong. */
export function WorkflowRunsPage() {
  const t = useTexts();
  const { runs, busyId, resume, cancel } = useWorkflowRuns();
  const [asked, setAsked] = useState<WorkflowRun | null>(null);
  const columns = useColumns(runs.data ?? []);
  const close = () => setAsked(null);
  const confirm = () => {
    if (asked) cancel(asked);
    close();
  };
  return (
    <>
      <SectionHeader title={t('admin.runs')} />
      <ListFrame query={runs} empty={{ title: t('admin.runs.empty'), text: t('admin.runs.empty.text') }}>
        <WorkTable
          label={t('admin.runs')}
          rows={runs.data}
          columns={columns}
          errorOf={(run) => run.lastError && (run.position ? t('admin.run.error', { step: run.position, error: run.lastError }) : run.lastError)}
          actions={(run) => <RunActions run={run} busy={busyId === run.id} onResume={() => resume(run)} onCancel={() => setAsked(run)} />}
        />
      </ListFrame>
      <Question
        opened={asked !== null}
        title={t('admin.run.cancel.title')}
        text={t('admin.run.cancel.text')}
        onClose={close}
        answers={[
          { label: t('admin.run.keep'), safe: true, onClick: close },
          { label: t('admin.run.cancel'), color: 'red', variant: 'filled', onClick: confirm },
        ]}
      />
    </>
  );
}
