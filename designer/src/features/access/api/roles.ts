import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** A role as its package writes it. */
export interface RoleFile {
  name: string;
  label: string;
  description?: string;
  package: string;
  path: string;
  text: string;
}

/** An entity that rights are granted to. */
export interface GrantedEntity {
  name: string;
  label: string;
  /** Records have owners: the depths between none and all apply. */
  isOwned: boolean;
  /** Which operations apply. */
  operations: string[];
}

/** All roles, and what they can grant. */
export interface RoleOverview {
  version: number;
  operations: string[];
  roles: RoleFile[];
  entities: GrantedEntity[];
}

/** The roles of the published packages. */
export function rolesQuery(api: ApiClient, version: number) {
  return queryOptions({
    queryKey: ['metadata', 'roles', version],
    // The version before stays in sight, with the changes laid over it, until the next one is there.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<RoleOverview>('/api/access/roles', signal),
  });
}
