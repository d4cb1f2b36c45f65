import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** A rule, or whatever else of a package runs, with what it has done. What there is nothing of is missing. */
export interface Rule {
  /** Empty for none. */
  entity: string;
  entityLabel: string;
  name: string;
  label: string;
  package: string;
  /** Rules are scripts or decisions. A script of forms runs in the browser, where nobody counts. */
  kind: 'script' | 'decision' | 'action' | 'schedule' | 'form';
  file: string;
  on: string[];
  /** Runs when the save is over. */
  isAfter?: boolean;
  /** Condition of a rule with a script. */
  when?: string;
  /** On update it runs only when one of these changes; always where empty. */
  fields: string[];
  runs: number;
  refusals: number;
  failures: number;
  slow: number;
  meanMilliseconds?: number;
  longestMilliseconds?: number;
  lastRunAt?: string;
  lastFailure?: { message: string; line: number; at: string } | null;
  off?: { reason: string; by: string; at: string } | null;
}

/** All rules, with what they did. */
export const rulesQuery = (api: ApiClient) =>
  queryOptions({ queryKey: ['administration', 'rules'], staleTime: 0, refetchInterval: 10_000, queryFn: ({ signal }) => api.get<Rule[]>('/api/metadata/rules', signal) });

/** Text of a script of a published package. */
export const scriptTextQuery = (api: ApiClient, name: string, file: string) =>
  queryOptions({
    queryKey: ['administration', 'script', name, file],
    staleTime: 0,
    queryFn: async ({ signal }) => (await api.get<{ files: Record<string, string> }>(`/api/metadata/packages/${name}?path=${encodeURIComponent(file)}`, signal)).files[file] ?? '',
  });

/** Switches a rule off or on, for everybody and at once. */
export async function switchRule(api: ApiClient, { kind, entity, name }: Pick<Rule, 'kind' | 'entity' | 'name'>, off: boolean, reason: string): Promise<void> {
  const path = kind === 'action' || kind === 'schedule' ? `${kind}s/${name}` : kind === 'form' ? `form-scripts/${name}` : `rules/${entity}/${name}`;
  await api.call('POST', `/api/metadata/${path}/switch-${off ? 'off' : 'on'}`, { body: { reason } });
}
