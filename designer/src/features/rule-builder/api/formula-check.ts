import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** What is wrong with a formula, as a publish would say it. */
export function formulaCheckQuery(api: ApiClient, entity: string, formula: string, field: string | undefined) {
  return queryOptions({
    queryKey: ['metadata', 'formula', entity, field ?? '', formula],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await api.call<{ problems: { message: string; remedy: string }[] }>('POST', '/api/metadata/formulas/check', { body: { entity, formula, field }, signal })).data.problems,
  });
}
