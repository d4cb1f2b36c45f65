import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import { listRecords, type StoredRecord } from '@/api/records';
import { selectionOf } from '@/api/selection';

const pageSize = 10;

/** Records of an entity whose search fields contain what is typed. */
export function useLookupSearch(target: Entity | undefined, typed: string, enabled: boolean, filter?: string) {
  const api = useApi();
  const model = useModel();
  const [search] = useDebouncedValue(typed.trim(), 180);
  return useQuery<StoredRecord[]>({
    queryKey: ['lookup', target?.plural, search, filter],
    enabled: enabled && target !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (!target) return [];
      const names = [target.primary, target.subtitle ?? ''];
      const paths = names.flatMap((name) => model.path(target, name) ?? []);
      const primary = model.primary(target)?.columns[0]?.name;
      const options = { ...selectionOf(model, paths), search: search || undefined, filter, top: pageSize, orderBy: search ? undefined : primary };
      return (await listRecords(api, target.plural, options, signal)).rows;
    },
  });
}
