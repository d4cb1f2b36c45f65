import { useMutation } from '@tanstack/react-query';
import { useApi } from './api-context';
import type { ApiClient } from './client';

/** As whom the application is to be seen: with these roles, or with those of the person; at the person's place, or at one's own. */
export interface PreviewWish {
  roles?: string[];
  user?: string;
}

const path = '/api/access/preview';

// Nothing that was loaded with other rights may stay on the page.
function startAnew(): void {
  window.location.assign('/');
}

/** Begins to see the application as somebody else; loads it anew. */
export function useStartPreview() {
  const api = useApi();
  return useMutation({ mutationFn: (wish: PreviewWish) => api.call('POST', path, { body: wish }), onSuccess: startAnew });
}

/** Ends it. */
export const endPreview = (api: ApiClient) => api.call('DELETE', path);

/** Sees the application with one's own rights again; loads it anew. */
export function useEndPreview() {
  const api = useApi();
  return useMutation({ mutationFn: () => endPreview(api), onSuccess: startAnew });
}
