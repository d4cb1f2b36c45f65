import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Depth } from '@/lib/depths';

/** What a role says of an operation. */
export interface ExplainedRole {
  name: string;
  label: string;
  depth: Depth;
  reaches: boolean;
  withReports: boolean;
  /** Formula that a record must fulfil besides. */
  filter?: string;
  /** Whether this one does; missing where there is no filter. */
  fulfils?: boolean;
}

/** Whether something can be done with a record. */
export interface ExplainedOperation {
  operation: string;
  isAllowed: boolean;
  isShared: boolean;
  lacks: string[];
  roles: ExplainedRole[];
}

/** A field that not everybody may see or write. */
export interface ExplainedField {
  name: string;
  label: string;
  canRead: boolean;
  isMasked: boolean;
  canWrite: boolean;
  readRoles: string[];
  maskedRoles: string[];
  writeRoles: string[];
}

/** Why somebody can or cannot do what with a record. */
export interface Explanation {
  user: { id: string; name: string; mayEverything: boolean };
  owner?: string;
  owningUnit?: string;
  /** The least depth that reaches the record. */
  distance: Depth;
  isOfReport: boolean;
  operations: ExplainedOperation[];
  fields: ExplainedField[];
}

/** Explains it for the signed-in person, or for another one, which administrators may ask. */
export function explanationQuery(api: ApiClient, entity: string, id: string, user: string | undefined) {
  return queryOptions({
    queryKey: ['access', 'explain', entity, id, user ?? ''],
    staleTime: 0,
    // What was said of one person stays until the next one is explained.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<Explanation>(`/api/access/explain?${new URLSearchParams({ entity, id, ...(user ? { user } : {}) })}`, signal),
  });
}
