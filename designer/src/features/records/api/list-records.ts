import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Entity } from '@/api/model';
import { listRecords, type ListOptions } from '@/api/records';

/** One page of an entity's records. */
export function recordPageQuery(api: ApiClient, entity: Entity, options: ListOptions) {
  return queryOptions({
    queryKey: ['records', entity.plural, 'page', options],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => listRecords(api, entity.plural, options, signal),
  });
}

/** How many records match; asked apart from the rows, so that it never holds them up. */
export function recordCountQuery(api: ApiClient, entity: Entity, options: ListOptions) {
  const counted: ListOptions = { view: options.view, filter: options.filter, search: options.search, select: ['id'], top: 1, count: true };
  return queryOptions({
    queryKey: ['records', entity.plural, 'count', counted],
    queryFn: async ({ signal }) => (await listRecords(api, entity.plural, counted, signal)).count ?? null,
  });
}
