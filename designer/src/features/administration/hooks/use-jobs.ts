import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { cancelJob, jobsQuery, type Job } from '../api/jobs';

/** The newest jobs; those under way can be cancelled. */
export function useJobs() {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const jobs = useQuery(jobsQuery(api));
  const mutation = useMutation({
    mutationFn: ({ id }: Job) => cancelJob(api, id),
    onSuccess: () => notifications.show({ message: t('job.cancelled'), color: 'green' }),
    onError: (error) => notifications.show({ message: failureText(t, error), color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  return { jobs, cancel: mutation.mutate, busyId: mutation.isPending ? mutation.variables.id : null };
}
