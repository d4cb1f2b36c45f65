import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect } from 'react';
import { useApi } from './api-context';
import type { ApiClient } from './client';
import type { ApplicationModel } from './model';
import { ModelIndex } from './model-index';

/** Milliseconds between two looks at the published version. */
const pollEvery = 15_000;

/** What the signed-in person may see of the published metadata. */
export function applicationModelQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ['metadata', 'application'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => new ModelIndex(await api.get<ApplicationModel>('/api/metadata/application', signal)),
  });
}

function versionQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ['metadata', 'version'],
    refetchInterval: pollEvery,
    refetchOnWindowFocus: 'always',
    queryFn: async ({ signal }) => {
      const answer = await api.get<number | { version: number }>('/api/metadata/version', signal);
      return typeof answer === 'number' ? answer : answer.version;
    },
  });
}

/** Loads the model, and again as soon as another version is published. */
export function useLoadModel() {
  const api = useApi();
  const queries = useQueryClient();
  const model = useQuery(applicationModelQuery(api));
  const published = useQuery(versionQuery(api));
  const loadedVersion = model.data?.source.version;
  useEffect(() => {
    if (loadedVersion !== undefined && published.data !== undefined && published.data !== loadedVersion)
      void queries.invalidateQueries({ queryKey: applicationModelQuery(api).queryKey });
  }, [api, queries, loadedVersion, published.data]);
  return model;
}

/** Holds the loaded model for everything below. */
export const ModelContext = createContext<ModelIndex | null>(null);

/** The loaded application model. */
export function useModel(): ModelIndex {
  const model = use(ModelContext);
  if (!model) throw new Error('useModel needs a ModelContext above it.');
  return model;
}
