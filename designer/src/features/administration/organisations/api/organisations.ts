import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** An organisation as administrators of the installation see it. */
export interface Organisation {
  name: string;
  displayName: string;
  hostNames: string[];
  state: 'creating' | 'failed' | 'active' | 'suspended' | 'deleting';
  /** What its creation is at, or why there is none. */
  progress?: string;
  /** When its data go; missing where it is not being deleted. */
  deleteAfter?: string;
  createdAt: string;
  /** The installation is administered from it: it stays. */
  isHome: boolean;
  members?: number;
  bytes?: number;
}

/** Somebody who belongs to an organisation. */
export interface Member {
  userId: string;
  userName: string;
  displayName: string;
  isService: boolean;
  isAdministrator: boolean;
  isActive: boolean;
}

/** A package of the server that an organisation can begin with. */
export interface Template {
  name: string;
  label: string;
  description?: string;
  dependsOn: string[];
}

/** An organisation to be. */
export interface NewOrganisation {
  name: string;
  displayName: string;
  hostNames: string[];
  template: { packages: string[] } | { organisation: string };
}

const path = '/api/organisations';
const pathOf = (name: string) => `${path}/${encodeURIComponent(name)}`;
const pause = 1500;

/** All organisations; asked for again while one is being made. */
export const organisationsQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['organisations', 'all'],
    staleTime: 0,
    queryFn: ({ signal }) => api.get<Organisation[]>(path, signal),
    refetchInterval: ({ state }) => (state.data?.some((each) => each.state === 'creating') ? pause : false),
  });

/** The packages of the server. */
export const templatesQuery = (api: ApiClient) => queryOptions({ queryKey: ['organisations', 'templates'], queryFn: ({ signal }) => api.get<Template[]>(`${path}/templates`, signal) });

/** Who belongs to an organisation. */
export const membersQuery = (api: ApiClient, name: string) =>
  queryOptions({ queryKey: ['organisations', 'members', name], staleTime: 0, queryFn: ({ signal }) => api.get<Member[]>(`${pathOf(name)}/members`, signal) });

/** Begins to make an organisation. */
export const createOrganisation = (api: ApiClient, body: NewOrganisation) => api.call('POST', path, { body });

/** Changes what people see of an organisation, and the hosts that lead to it. */
export const changeOrganisation = (api: ApiClient, name: string, body: { displayName: string; hostNames: string[] }) => api.call('PATCH', pathOf(name), { body });

/** Suspends an organisation, resumes it, or takes its deletion back. */
export const moveOrganisation = (api: ApiClient, name: string, move: 'suspend' | 'resume' | 'keep') => api.call('POST', `${pathOf(name)}/${move}`, { body: {} });

/** Deletes an organisation after a while. */
export const deleteOrganisation = (api: ApiClient, name: string) => api.call('DELETE', `${pathOf(name)}?${new URLSearchParams({ confirm: name })}`);

/** Adds somebody who has an account. */
export const addMember = (api: ApiClient, name: string, userName: string) => api.call('POST', `${pathOf(name)}/members`, { body: { userName } });

/** Makes a member an administrator, or takes that away. */
export const changeMember = (api: ApiClient, name: string, userId: string, isAdministrator: boolean) => api.call('PATCH', `${pathOf(name)}/members/${userId}`, { body: { isAdministrator } });

/** Removes a member. */
export const removeMember = (api: ApiClient, name: string, userId: string) => api.call('DELETE', `${pathOf(name)}/members/${userId}`);
