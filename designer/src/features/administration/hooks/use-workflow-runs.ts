import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useTexts } from '@/lib/i18n/text';
import { workflowRunsQuery, type WorkflowRun } from '../api/administration';
import { useAction } from './use-action';

/** The runs of workflows; failed ones can go on, those under way can be ended. */
export function useWorkflowRuns() {
  const t = useTexts();
  const runs = useQuery(workflowRunsQuery(useApi()));
  const { run, busyId } = useAction('workflow-runs');
  return {
    runs,
    busyId,
    resume: ({ id }: WorkflowRun) => run({ id, action: 'resume', done: t('admin.run.resumed') }),
    cancel: ({ id }: WorkflowRun) => run({ id, action: 'cancel', done: t('admin.run.cancelled') }),
  };
}
