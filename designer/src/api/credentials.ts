import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';

/** A place where somebody is signed in. */
export interface OpenSession {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  address?: string;
  /** What the browser called itself. */
  browser?: string;
  hasSecondFactor: boolean;
  /** The session that asks; missing in sessions of others. */
  isPresent?: boolean;
}

/** An access token, without its secret. */
export interface AccessToken {
  id: string;
  name: string;
  createdAt: string;
  /** Missing where it never expires. */
  expiresAt?: string;
  lastUsedAt?: string;
  /** May do all that its user may. */
  isUnlimited: boolean;
  canWrite: boolean;
  administration: boolean;
  /** Names of the entities that it reaches; empty for all. */
  entities: string[];
}

/** A token to be. */
export interface WantedToken {
  name: string;
  days: number;
  access: 'read' | 'write';
  entities: string[];
  administration: boolean;
}

/** A passkey. */
export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt?: string;
  isSynchronised: boolean;
}

/** What somebody has besides a password. */
export interface SecondFactors {
  hasAuthenticator: boolean;
  recoveryCodes: number;
  passkeys: number;
}

/** A key for an authenticator, also as the address that a QR code holds. */
export interface AuthenticatorSetup {
  key: string;
  uri: string;
}

/** Whose credentials: one's own, or those of a user whom an administrator oversees. */
export function credentialsPath(userId: string | undefined): string {
  return userId ? `/api/administration/users/${userId}` : '/api/auth';
}

const list = <T>(api: ApiClient, userId: string | undefined, what: string) =>
  queryOptions({
    queryKey: ['credentials', userId ?? 'own', what],
    staleTime: 0,
    queryFn: ({ signal }) => api.get<T>(`${credentialsPath(userId)}/${what}`, signal),
  });

/** Where somebody is signed in. */
export const sessionsQuery = (api: ApiClient, userId?: string) => list<OpenSession[]>(api, userId, 'sessions');

/** Somebody's access tokens. */
export const tokensQuery = (api: ApiClient, userId?: string) => list<AccessToken[]>(api, userId, 'tokens');

/** One's own passkeys. */
export const passkeysQuery = (api: ApiClient) => list<Passkey[]>(api, undefined, 'passkeys');

/** An account elsewhere that signs somebody in. */
export interface Identity {
  id: string;
  /** Address of the provider. */
  issuer: string;
  name: string;
  createdAt: string;
  lastUsedAt?: string;
}

/** Whether one has a password, and one's accounts elsewhere. */
export const waysInQuery = (api: ApiClient) => list<{ hasPassword: boolean; identities: Identity[] }>(api, undefined, 'identities');

/** One's own second factors. */
export const factorsQuery = (api: ApiClient) => list<SecondFactors>(api, undefined, 'second-factor');

/** One's own address. */
export const emailQuery = (api: ApiClient) => list<{ email?: string; isConfirmed: boolean }>(api, undefined, 'email');

/** Makes a token; the secret is in this answer alone. */
export async function issueToken(api: ApiClient, userId: string | undefined, wanted: WantedToken): Promise<string> {
  return (await api.call<{ token: string }>('POST', `${credentialsPath(userId)}/tokens`, { body: wanted })).data.token;
}

/** Whether this browser can keep passkeys. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** Registers a passkey; fails with an error of the browser where the person declines. */
export async function addPasskey(api: ApiClient, name: string, password: string): Promise<void> {
  const { data } = await api.call<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/auth/passkeys/challenge', { body: { password } });
  const credential = (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(data) })) as PublicKeyCredential;
  await api.call('POST', '/api/auth/passkeys', { body: { name, credential: credential.toJSON() as unknown } });
}

/** Signs in with whatever passkey the person chooses; gives the server's answer. */
export async function signInWithPasskey<T>(api: ApiClient): Promise<T> {
  const { data } = await api.call<PublicKeyCredentialRequestOptionsJSON>('POST', '/api/auth/passkey-sign-in/challenge', { body: {} });
  const credential = (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(data) })) as PublicKeyCredential;
  return (await api.call<T>('POST', '/api/auth/passkey-sign-in', { body: { credential: credential.toJSON() as unknown } })).data;
}

/** Whether the person has closed the browser's question for a passkey. */
export function isDeclined(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
