import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { historyQuery, historyStateQuery, restoreValues } from '../api/history';
import { showNotes } from '../hooks/show-notes';
import type { RecordForm } from '../hooks/use-record-form';

/** What happened to the record of a form. */
export function useHistory(form: RecordForm) {
  const api = useApi();
  const pages = useInfiniteQuery(historyQuery(api, form.entity.plural, form.id ?? ''));
  return { pages, entries: pages.data?.pages.flatMap((page) => page.value) ?? [] };
}

/** The record of a form as it was after an entry, and bringing values of it back. */
export function useHistoryState(form: RecordForm, entry: string, onRestored: () => void) {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const { entity, id } = form;
  const state = useQuery(historyStateQuery(api, entity.plural, id ?? '', entry));
  const restore = useMutation({
    mutationFn: (fields: string[]) => restoreValues(api, entity.plural, id ?? '', entry, fields, form.values['@odata.etag'] as string | undefined),
    onSuccess: async (record) => {
      notifications.show({ message: t('history.restored'), color: 'green' });
      showNotes(record['@xrm.messages'] ?? []);
      onRestored();
      await queries.invalidateQueries({ queryKey: ['records'] });
    },
  });
  return { state, restore: restore.mutate, isRestoring: restore.isPending, failure: restore.error ? failureText(t, restore.error) : null };
}
