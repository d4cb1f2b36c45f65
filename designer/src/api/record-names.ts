import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';
import type { Entity } from './model';
import type { ModelIndex } from './model-index';
import { listRecords } from './records';
import { nameOf, selectionOf } from './selection';

/** Ids that one query asks for: an address must not grow too long. */
const batch = 40;

async function namesOf(api: ApiClient, model: ModelIndex, entity: Entity, ids: string[], signal: AbortSignal): Promise<[string, string][]> {
  const path = model.path(entity, entity.primary);
  const { select } = selectionOf(model, path ? [path] : []);
  const { rows } = await listRecords(api, entity.plural, { select, filter: `id in (${ids.join(',')})`, top: batch }, signal);
  return rows.map((row) => [row.id, nameOf(model, entity, row) ?? row.id]);
}

/** What records of an entity call themselves, by id; those that are gone or not to be seen are left out. */
export function recordNamesQuery(api: ApiClient, model: ModelIndex, entity: Entity, ids: string[]) {
  return queryOptions({
    queryKey: ['records', entity.plural, 'names', ids],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const batches = Array.from({ length: Math.ceil(ids.length / batch) }, (_, index) => ids.slice(index * batch, (index + 1) * batch));
      return new Map((await Promise.all(batches.map((some) => namesOf(api, model, entity, some, signal)))).flat());
    },
  });
}
