import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** A mail that waits to be sent, was sent, or was given up. */
export interface Mail {
  id: string;
  createdAt: string;
  recipients: string[];
  subject: string;
  /** Plain text. */
  body: string;
  state: 'waiting' | 'sent' | 'dead';
  attempts: number;
  lastError: string | null;
}

/** A record event on its way to a receiver in a plugin. */
export interface Delivery {
  id: number;
  eventId: number;
  receiver: string;
  event: 'created' | 'updated' | 'deleted';
  entity: string;
  recordId: string;
  state: 'waiting' | 'done' | 'dead';
  attempts: number;
  nextAttemptAt: string;
  lastError: string | null;
}

/** One run of a workflow for a record. */
export interface WorkflowRun {
  id: string;
  workflow: string;
  entity: string;
  recordId: string;
  state: 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  /** Step that comes next; empty where the run is over. */
  position: string;
  startedAt: string;
  nextAttemptAt: string;
  attempts: number;
  finishedAt: string | null;
  lastError: string | null;
}

/** Time between two looks at work that goes on without anybody's doing, in milliseconds; none while the page is hidden. */
const refetchInterval = 5_000;

function newest<T>(api: ApiClient, name: string) {
  return queryOptions({
    queryKey: ['administration', name],
    staleTime: 0,
    refetchInterval,
    queryFn: ({ signal }) => api.get<T[]>(`/api/administration/${name}`, signal),
  });
}

/** The newest mails. */
export const mailsQuery = (api: ApiClient) => newest<Mail>(api, 'mails');

/** The newest deliveries, given up ones first. */
export const deliveriesQuery = (api: ApiClient) => newest<Delivery>(api, 'deliveries');

/** The newest workflow runs, failed ones first. */
export const workflowRunsQuery = (api: ApiClient) => newest<WorkflowRun>(api, 'workflow-runs');

/** Acts on one delivery or workflow run. */
export async function act(api: ApiClient, kind: 'deliveries' | 'workflow-runs', id: string | number, action: 'retry' | 'resume' | 'cancel'): Promise<void> {
  await api.call('POST', `/api/administration/${kind}/${id}/${action}`);
}
