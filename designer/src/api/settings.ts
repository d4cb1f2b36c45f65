import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';
import type { Entity } from './model';
import { listRecords, type StoredRecord } from './records';

/** The record of an entity that has exactly one; null where the person sees none. */
export function settingsQuery(api: ApiClient, entity: Entity) {
  const select = ['id', ...entity.fields.flatMap((field) => field.columns.map((column) => column.name))];
  return queryOptions({
    queryKey: ['records', entity.plural, 'settings'],
    queryFn: async ({ signal }): Promise<StoredRecord | null> => (await listRecords(api, entity.plural, { select: [...new Set(select)], top: 1 }, signal)).rows[0] ?? null,
  });
}
