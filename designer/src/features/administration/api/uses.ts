import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** A thing of the model: an entity, with or without a field and an option of it, or a script. */
export interface Element {
  entity?: string | undefined;
  field?: string | undefined;
  option?: string | undefined;
  script?: string | undefined;
}

/** One place that names the thing. */
export interface Use {
  kind: string;
  name: string;
  how: string;
  of: string;
  likely: boolean;
  times: number;
  location: { package: string; file: string; path: string; line: number };
}

/** All that depends on a thing. */
export interface Uses {
  uses: Use[];
  /** Of a computed field. */
  formula?: string;
}

/** Asks what depends on a thing. */
export function usesQuery(api: ApiClient, element: Element) {
  const parameters = new URLSearchParams(Object.entries(element).filter((entry): entry is [string, string] => Boolean(entry[1])));
  return queryOptions({
    queryKey: ['administration', 'uses', element],
    enabled: parameters.size > 0,
    queryFn: ({ signal }) => api.get<Uses>(`/api/metadata/uses?${parameters}`, signal),
  });
}
