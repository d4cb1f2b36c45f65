import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Entity } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import { getRecord } from '@/api/records';
import { selectionOf } from '@/api/selection';

/** One record with everything that its form can show. */
export function recordQuery(api: ApiClient, model: ModelIndex, entity: Entity, id: string) {
  const paths = entity.fields.map((field) => ({ path: field.name, field }));
  return queryOptions({
    queryKey: ['records', entity.plural, 'one', id, model.source.version],
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => getRecord(api, entity.plural, id, selectionOf(model, paths), signal),
  });
}
