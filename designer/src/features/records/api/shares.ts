import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Principal } from '@/fields/lookup/principal-box';

/** What a share can let somebody do, in the order in which it is shown. */
export const shareRights = ['read', 'update', 'delete', 'assign', 'share'] as const;

/** One of {@link shareRights}. */
export type ShareRight = (typeof shareRights)[number];

/** What of a record is shared with whom. */
export interface Share extends Principal {
  /** Missing where there is no record of them. */
  name?: string;
  rights: ShareRight[];
  sharedBy: string;
  sharedByName?: string;
  sharedAt: string;
}

/** The shares of a record. */
export interface Shares {
  canShare: boolean;
  /** What the signed-in person may do with the record, and so let others do. */
  rights: ShareRight[];
  shares: Share[];
}

const path = '/api/access/shares';

/** With whom a record is shared. */
export function sharesQuery(api: ApiClient, entity: string, id: string) {
  return queryOptions({
    queryKey: ['access', 'shares', entity, id],
    staleTime: 0,
    queryFn: ({ signal }) => api.get<Shares>(`${path}?${new URLSearchParams({ entity, id })}`, signal),
  });
}

/** Shares a record, or changes how it is shared. */
export const putShare = (api: ApiClient, entity: string, id: string, { principal, kind }: Principal, rights: readonly ShareRight[]) =>
  api.call('PUT', path, { body: { entity, id, principal, kind, rights } });

/** Ends a share. */
export const endShare = (api: ApiClient, entity: string, id: string, principal: string) => api.call('DELETE', `${path}?${new URLSearchParams({ entity, id, principal })}`);
