import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** Accounts and roles, as far as a preview chooses among them. */
export interface PeopleAndRoles {
  users: { id: string; displayName: string; userName: string; isAdministrator: boolean; state: string }[];
  roles: { name: string; label: string }[];
}

/** Accounts whose name or address contains a text, and all roles. */
export const peopleQuery = (api: ApiClient, search: string) =>
  queryOptions({
    queryKey: ['administration', 'users', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<PeopleAndRoles>(`/api/administration/users?${new URLSearchParams({ search })}`, signal),
  });
