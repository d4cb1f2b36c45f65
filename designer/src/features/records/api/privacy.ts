import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** A person whose records are asked about. */
export interface Person {
  entity: string;
  id: string;
}

/** What becomes of records when their person is erased. */
export type Fate = 'anonymise' | 'delete' | 'keep';

/** Records of one kind of which the same becomes. */
export interface ErasureGroup {
  entity: string;
  label: string;
  fate: Fate;
  count: number;
  reason?: string;
  until?: string;
  fields: string[];
}

/** How far a job about a person has come. */
export interface PersonJob {
  id: string;
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  total: number;
  done: number;
  failed: number;
  finishedAt?: string;
  error?: { code: string; detail: string };
}

const lookEvery = 1_000;

/** What an erasure would do. */
export function previewQuery(api: ApiClient, person: Person, enabled: boolean) {
  return queryOptions({
    queryKey: ['privacy', 'preview', person.entity, person.id],
    enabled,
    staleTime: 0,
    queryFn: async () => (await api.call<{ records: number; groups: ErasureGroup[] }>('POST', '/api/privacy/erasures/preview', { body: person })).data,
  });
}

/** Asks for a job about a person. */
export async function startJob(api: ApiClient, kind: 'exports' | 'erasures', person: Person): Promise<PersonJob> {
  return (await api.call<PersonJob>('POST', `/api/privacy/${kind}`, { body: person })).data;
}

/** A job until it has ended. */
export function personJobQuery(api: ApiClient, id: string | undefined) {
  return queryOptions({
    queryKey: ['privacy', 'job', id],
    enabled: id !== undefined,
    staleTime: 0,
    queryFn: ({ signal }) => api.get<PersonJob>(`/api/jobs/${id}`, signal),
    refetchInterval: ({ state }) => (state.data?.finishedAt ? false : lookEvery),
  });
}
