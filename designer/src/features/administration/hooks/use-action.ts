import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { act } from '../api/administration';

interface Action {
  id: string | number;
  action: 'retry' | 'resume' | 'cancel';
  /** What is said when it worked. */
  done: string;
}

/** Acts on deliveries or workflow runs, says how it went, and looks at them again. */
export function useAction(kind: 'deliveries' | 'workflow-runs') {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ id, action }: Action) => act(api, kind, id, action),
    onSuccess: (_answer, { done }) => notifications.show({ message: done, color: 'green' }),
    onError: (error) => notifications.show({ message: failureText(t, error), color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['administration', kind] }),
  });
  return { run: mutation.mutate, busyId: mutation.isPending ? mutation.variables.id : null };
}
