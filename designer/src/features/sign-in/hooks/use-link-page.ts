import { useState } from 'react';
import type { ProviderAnswer } from '@/api/session';
import { forgottenPath, linkPaths, providerOf } from '@/lib/paths';

/** The page that the address of the browser names, with the secret of the link. */
export interface LinkPage {
  kind: 'forgotten' | 'invitation' | 'password' | 'email' | 'provider' | 'none';
  secret: string;
  /** What a provider has sent along. */
  answer?: ProviderAnswer;
}

/** Reads the address once: the secret goes out of it, so that it stays in no history. */
export function linkPageOf(path: string, hash: string, search: string): LinkPage {
  if (path === forgottenPath) return { kind: 'forgotten', secret: '' };
  const provider = providerOf(path);
  if (provider !== null) {
    const sent = new URLSearchParams(search);
    const part = (name: string) => sent.get(name) ?? undefined;
    return { kind: 'provider', secret: '', answer: { key: provider, state: part('state'), code: part('code'), iss: part('iss'), error: part('error') } };
  }
  const kind = (['invitation', 'password', 'email'] as const).find((each) => linkPaths[each] === path) ?? 'none';
  return { kind, secret: hash.replace(/^#/, '') };
}

/** What a link in a mail leads to. */
export function useLinkPage(): LinkPage {
  const [page] = useState(() => {
    const found = linkPageOf(window.location.pathname, window.location.hash, window.location.search);
    if ((found.secret && found.kind !== 'none') || found.answer) window.history.replaceState(null, '', window.location.pathname);
    return found;
  });
  return page;
}
