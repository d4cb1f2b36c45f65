import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** An account as administrators see it. */
export interface UserAccount {
  id: string;
  userName: string;
  displayName: string;
  email?: string;
  isEmailConfirmed: boolean;
  isService: boolean;
  isAdministrator: boolean;
  isInstallationAdministrator: boolean;
  /** Belongs to other organisations, too. */
  isElsewhere: boolean;
  state: 'active' | 'invited' | 'locked' | 'inactive';
  hasPassword: boolean;
  hasAuthenticator: boolean;
  passkeys: number;
  lastSignInAt?: string;
  createdAt: string;
  roles: string[];
}

/** The accounts, and the roles that there are. */
export interface UserList {
  users: UserAccount[];
  roles: { name: string; label: string }[];
}

const path = '/api/administration/users';

/** Accounts whose name or address contains a text. */
export const usersQuery = (api: ApiClient, search: string) =>
  queryOptions({
    queryKey: ['administration', 'users', search],
    staleTime: 0,
    // What was found before stays while a longer text is typed.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<UserList>(`${path}?${new URLSearchParams({ search })}`, signal),
  });

/** Changes of an account; what is missing stays. */
export interface UserChange {
  isActive?: boolean;
  isAdministrator?: boolean;
  isInstallationAdministrator?: boolean;
  roles?: string[];
}

/** Somebody to invite, or a service account to be. */
export interface NewUser {
  isService: boolean;
  email: string;
  userName: string;
  displayName: string;
  roles: string[];
}

/** Makes an account; gives the link of the invitation, if there is one. */
export async function addUser(api: ApiClient, { isService, email, userName, displayName, roles }: NewUser): Promise<string | null> {
  if (isService) {
    await api.call('POST', `${path}/service-accounts`, { body: { userName, displayName: displayName || userName, roles } });
    return null;
  }
  return (await api.call<{ link: string }>('POST', path, { body: { email, displayName: displayName || email, roles } })).data.link;
}

/** Changes an account. */
export const changeUser = (api: ApiClient, id: string, body: UserChange) => api.call('PATCH', `${path}/${id}`, { body });

/** Sends an invitation once more; gives its link. */
export const inviteAgain = async (api: ApiClient, id: string) => (await api.call<{ link: string }>('POST', `${path}/${id}/invitation`, { body: {} })).data.link;

/** Makes an open invitation void. */
export const revokeInvitation = (api: ApiClient, id: string) => api.call('DELETE', `${path}/${id}/invitation`);

/** A one-time password, and until when it is good. */
export interface OneTimePassword {
  password: string;
  expiresAt: string;
}

/** Replaces the password by a one-time password, and gives it. */
export const resetPassword = async (api: ApiClient, id: string) => (await api.call<OneTimePassword>('POST', `${path}/${id}/password`, { body: {} })).data;

/** Removes all second factors of somebody who has lost them. */
export const resetFactors = (api: ApiClient, id: string) => api.call('DELETE', `${path}/${id}/second-factor`);
