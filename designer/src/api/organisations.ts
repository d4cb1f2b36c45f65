import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context';
import type { ApiClient } from './client';

/** An organisation to which the signed-in person belongs. */
export interface OwnOrganisation {
  name: string;
  displayName: string;
  state: 'active' | 'suspended' | 'deleting';
}

/** Where the signed-in person can work. */
export interface MyOrganisations {
  /** Name of the organisation in force. */
  present: string;
  administersInstallation: boolean;
  organisations: OwnOrganisation[];
}

/** The organisations of the signed-in person. */
export function myOrganisationsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ['organisations', 'mine'],
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      const mine = await api.get<MyOrganisations>('/api/organisations/mine', signal);
      api.bindTo(mine.organisations.length > 1 ? mine.present : null);
      return mine;
    },
  });
}

/** Goes over to another organisation, and forgets everything that was loaded of this one. */
export function useSwitchOrganisation() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (organisation: string) => api.call('POST', '/api/organisations/switch', { body: { organisation } }),
    onSuccess: () => {
      queries.clear();
      window.location.assign('/');
    },
  });
}
