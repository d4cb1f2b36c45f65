import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { ApiError } from '@/api/client';
import { failureText } from '@/api/failure-text';
import type { Principal } from '@/fields/lookup/principal-box';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { endShare, putShare, sharesQuery, type ShareRight } from '../api/shares';

/** What went wrong, by where it belongs. */
export interface ShareFailure {
  principal?: string;
  rights?: string;
  /** What belongs to neither. */
  other?: string;
}

function failureOf(error: Error | null, t: Texts): ShareFailure {
  if (!error) return {};
  const first = error instanceof ApiError ? error.errors[0] : undefined;
  const message = first?.code === 'principal_unknown' ? t('access.noAccount') : (first?.message ?? failureText(t, error));
  return first?.field === 'principal' || first?.field === 'rights' ? { [first.field]: message } : { other: message };
}

/** The shares of a record, and changing them; each change is one call, and its failure is told by the caller of it. */
export function useShares(entity: string, id: string, enabled: boolean) {
  const api = useApi();
  const query = sharesQuery(api, entity, id);
  return useQuery({ ...query, enabled });
}

/** Changes one share of a record. */
export function useShareChange(entity: string, id: string, onDone: () => void) {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ who, rights }: { who: Principal; rights: readonly ShareRight[] | null; done: string }) =>
      rights ? putShare(api, entity, id, who, rights) : endShare(api, entity, id, who.principal),
    onSuccess: async (_answer, { done }) => {
      notifications.show({ message: done, color: 'green' });
      onDone();
      await queries.invalidateQueries({ queryKey: ['access'] });
    },
  });
  return { change: mutation.mutate, isChanging: mutation.isPending, failure: failureOf(mutation.error, t), reset: mutation.reset };
}
