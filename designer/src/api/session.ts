import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context';
import { ApiError, type ApiClient } from './client';
import { signInWithPasskey } from './credentials';

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
  /** The user cannot do anything before a second factor is added. */
  mustAddSecondFactor: boolean;
}

/** What the second step of a sign-in can be. */
export type SecondStepMethod = 'code' | 'recovery_code' | 'passkey';

/** Who is signed in, or what is still missing. */
export type SessionAnswer = SessionUser & { user?: SessionUser; mustChangePassword?: boolean; mustAddSecondFactor?: boolean; secondStep?: { methods: SecondStepMethod[] } };

function toSession(answer: SessionAnswer): Session {
  return { user: answer.user ?? answer, mustChangePassword: answer.mustChangePassword ?? false, mustAddSecondFactor: answer.mustAddSecondFactor ?? false };
}

/** An OpenID Connect provider by which one can sign in. */
export interface Provider {
  key: string;
  name: string;
}

/** What a visitor can do. */
export function signInOptionsQuery(api: ApiClient) {
  return queryOptions({ queryKey: ['session', 'options'], staleTime: Infinity, queryFn: ({ signal }) => api.get<{ passwordReset: boolean; providers: Provider[] }>('/api/auth/options', signal) });
}

/** What is asked of a provider. */
export interface ProviderErrand {
  key: string;
  /** Page to go on with. */
  returnTo: string;
  /** Secret of an invitation that is accepted by it. */
  invitation?: string;
  /** Links the account there with the one that is signed in here, whose password this is. */
  password?: string;
}

/** Leaves for a provider, which sends the browser back to a page of its own. */
export function useProvider() {
  const api = useApi();
  return useMutation({
    mutationFn: async ({ key, ...body }: ProviderErrand) => {
      const { data } = await api.call<{ url: string }>('POST', `/api/auth/providers/${key}/${body.password === undefined ? 'begin' : 'link'}`, { body });
      window.location.assign(data.url);
    },
  });
}

/** What a provider gave the browser to take along. */
export interface ProviderAnswer {
  key: string;
  state?: string | undefined;
  code?: string | undefined;
  iss?: string | undefined;
  error?: string | undefined;
}

/** Hands on what a provider has answered. */
export async function finishProvider(api: ApiClient, { key, ...body }: ProviderAnswer): Promise<{ session?: SessionAnswer; returnTo: string }> {
  return (await api.call<{ session?: SessionAnswer; returnTo: string }>('POST', `/api/auth/providers/${key}/finish`, { body })).data;
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

interface SignInSteps {
  onSignedIn(password: string): void;
  /** The password was right; the second step is to come. */
  onSecondStep?(methods: SecondStepMethod[]): void;
}

/** How somebody signs in: by name and password, by the second step after these, or by a passkey. */
export type SignInProof = Credentials | { value: string } | { recoveryCode: string } | 'passkey';

function prove(api: ApiClient, proof: SignInProof): Promise<SessionAnswer> {
  if (proof === 'passkey') return signInWithPasskey<SessionAnswer>(api);
  return api.call<SessionAnswer>('POST', 'password' in proof ? '/api/auth/sign-in' : '/api/auth/second-step', { body: proof }).then(({ data }) => data);
}

/** Signs in; the answer becomes the current session, which may replace the page that asked. */
export function useSignIn({ onSignedIn, onSecondStep }: SignInSteps) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (proof: SignInProof) => prove(api, proof),
    onSuccess: async (answer, proof) => {
      if (answer.secondStep) return onSecondStep?.(answer.secondStep.methods);
      onSignedIn(typeof proof === 'object' && 'password' in proof ? proof.password : '');
      queries.setQueryData(sessionQuery(api).queryKey, toSession(answer));
      // Only the session itself knows whether a second factor is missing.
      await queries.invalidateQueries({ queryKey: sessionQuery(api).queryKey, exact: true });
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
