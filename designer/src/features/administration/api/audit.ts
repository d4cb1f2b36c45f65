import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** What the audit tells of. */
export const auditOperations = [
  'create', 'update', 'delete', 'restore', 'sign_in', 'sign_in_failed', 'sign_in_locked', 'sign_out', 'password_changed', 'token_made', 'token_revoked', 'second_factor_added', 'second_factor_removed', 'recovery_codes_renewed', 'recovery_code_used', 'passkey_added', 'passkey_renamed', 'passkey_removed', 'sessions_ended', 'identity_linked', 'identity_unlinked', 'roles_changed', 'shared', 'preview_started', 'preview_ended', 'publish', 'export', 'import', 'secret_read', 'person_export', 'erasure', 'keys_rotated', 'organisation_changed', 'member_changed', 'retention',
] as const;

/** Through what something came about. */
export const auditSources = ['screen', 'api', 'rule', 'workflow', 'import', 'job', 'system'] as const;

/** An entry of the audit. */
export interface AuditEntry {
  id: string;
  at: string;
  operation: (typeof auditOperations)[number];
  userId?: string;
  userName?: string;
  isSystem: boolean;
  source?: (typeof auditSources)[number];
  address?: string;
  causeKind?: string;
  causeId?: string;
  entity?: string;
  entityLabel?: string;
  recordId?: string;
  /** Columns to what they were and what they became. */
  changes?: Record<string, [unknown, unknown]>;
  labels?: Record<string, string>;
  details?: Record<string, unknown>;
  /** Whose account it was done to, where somebody else did it. */
  concernedName?: string;
  /** What it said was erased, to protect a person. */
  valuesErased?: boolean;
}

/** How far the chain of seals has come. */
export interface AuditChain {
  seals: number;
  sealedAt?: string;
  entries: number;
  head?: string;
}

/** Which entries are wanted. */
export interface AuditWish {
  operation?: string | undefined;
  source?: string | undefined;
  entity?: string | undefined;
  user?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

interface AuditPage {
  value: AuditEntry[];
  '@odata.nextLink'?: string;
}

/** The audit, the newest first, page by page. */
export function auditQuery(api: ApiClient, wish: AuditWish) {
  const parameters = new URLSearchParams(Object.entries(wish).filter((entry): entry is [string, string] => Boolean(entry[1])));
  return infiniteQueryOptions({
    queryKey: ['administration', 'audit', parameters.toString()],
    staleTime: 0,
    initialPageParam: `/api/administration/audit?${parameters}`,
    queryFn: ({ pageParam, signal }) => api.get<AuditPage>(pageParam, signal),
    getNextPageParam: (page) => {
      const link = page['@odata.nextLink'];
      return link ? `/api/administration/audit${new URL(link).search}` : undefined;
    },
  });
}

/** The state of the chain. */
export const auditChainQuery = (api: ApiClient) =>
  queryOptions({ queryKey: ['administration', 'audit-chain'], staleTime: 0, refetchInterval: 5_000, queryFn: ({ signal }) => api.get<AuditChain>('/api/administration/audit/chain', signal) });
