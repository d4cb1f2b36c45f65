import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTexts } from '@/lib/i18n/text';
import { useApi } from './api-context';
import { useModel } from './application-model';
import { ApiError } from './client';
import { publishFiles, type FileChange, type PublishProblem } from './packages';

interface Publishing {
  package: string;
  change: FileChange;
  /** What is said when it worked. */
  done: string;
}

function problemsIn(error: Error | null): PublishProblem[] {
  const plan = error instanceof ApiError ? (error.body as { plan?: { problems?: PublishProblem[] } } | undefined)?.plan : undefined;
  return plan?.problems ?? [];
}

/** Publishes changed files of a package, says how it went, and loads the model anew. */
export function usePublish(onDone: () => void) {
  const api = useApi();
  const t = useTexts();
  const { version } = useModel().source;
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ package: name, change }: Publishing) => publishFiles(api, name, change, version),
    onSuccess: async (_answer, { done }) => {
      notifications.show({ message: done, color: 'green' });
      onDone();
      await queries.invalidateQueries({ queryKey: ['metadata'] });
    },
  });
  const { error } = mutation;
  const problems = problemsIn(error);
  const failure = !error || problems.length > 0 ? null : error instanceof ApiError && error.status === 0 ? t('error.network') : error.message;
  /** `problems` are mistakes in the packages, `failure` is why it failed otherwise. */
  return { publish: mutation.mutate, isPublishing: mutation.isPending, error, problems, failure, reset: mutation.reset };
}
