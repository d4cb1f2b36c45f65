import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context';
import { ApiError, type ApiClient } from './client';

/** The person who is signed in. */
export interface SessionUser {
  id: string;
  userName: string;
  displayName: string;
  roles: string[];
  isAdministrator: boolean;
}

/** A session; the user cannot do anything before a one-time password is changed. */
export interface Session {
  user: SessionUser;
  mustChangePassword: boolean;
}

type SessionAnswer = SessionUser & { user?: SessionUser; mustChangePassword?: boolean };

function toSession(answer: SessionAnswer): Session {
  return { user: answer.user ?? answer, mustChangePassword: answer.mustChangePassword ?? false };
}

/** The current session; null for a visitor. */
export function sessionQuery(api: ApiClient) {
  return queryOptions<Session | null>({
    queryKey: ['session'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      try {
        return toSession(await api.get<SessionAnswer>('/api/auth/me', signal));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** What a person signs in with. */
export interface Credentials {
  userName: string;
  password: string;
}

/** Signs in; the answer becomes the current session, which may replace the page that asked. */
export function useSignIn(onSignedIn: (password: string) => void) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials) =>
      toSession((await api.call<SessionAnswer>('POST', '/api/auth/sign-in', { body: credentials })).data),
    onSuccess: (session, { password }) => {
      onSignedIn(password);
      queries.setQueryData(sessionQuery(api).queryKey, session);
    },
  });
}

/** Changes the signed-in person's password. */
export function useChangePassword() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; next: string }) => api.call('POST', '/api/auth/password', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery(api).queryKey }),
  });
}

/** Signs out and forgets everything that was loaded. */
export function useSignOut() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.call('POST', '/api/auth/sign-out'),
    onSettled: () => {
      queries.clear();
      window.location.assign('/');
    },
  });
}
