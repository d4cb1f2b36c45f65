import { queryOptions } from '@tanstack/react-query';
import type { ApiClient, FieldError } from '@/api/client';

/** A change of many records in the background. */
export interface Job {
  id: string;
  kind: 'update' | 'delete' | 'recompute' | 'reencrypt' | 'person_export' | 'person_erasure';
  collection: string;
  /** Query part of the address that said which records. */
  query: string;
  /** The new values; of what is recomputed the field, as `contract.total`. */
  values?: { field?: unknown };
  user: { id: string; name?: string };
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  total: number;
  done: number;
  failed: number;
  createdAt: string;
  finishedAt?: string;
  error?: { code: string; detail: string };
  /** The first records that could not be changed; only where one job is asked for. */
  failures?: JobFailure[];
}

/** A record that a job could not change. */
export interface JobFailure {
  recordId: string;
  code: string;
  detail: string;
  errors?: FieldError[];
}

/** Milliseconds between two looks: soon again while something moves; none while the page is hidden. */
const pause = { moving: 1_000, still: 10_000 };

/** The newest jobs: the own ones, for administrators all. */
export function jobsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ['jobs'],
    staleTime: 0,
    queryFn: ({ signal }) => api.get<Job[]>('/api/jobs', signal),
    refetchInterval: ({ state }) => (state.data?.some((job) => !job.finishedAt) ? pause.moving : pause.still),
  });
}

/** One job with its failures. */
export function jobQuery(api: ApiClient, id: string) {
  return queryOptions({ queryKey: ['jobs', id], staleTime: 0, queryFn: ({ signal }) => api.get<Job>(`/api/jobs/${id}`, signal) });
}

/** Ends a job that is under way. */
export async function cancelJob(api: ApiClient, id: string): Promise<void> {
  await api.call('DELETE', `/api/jobs/${id}`);
}
