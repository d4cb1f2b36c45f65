import { useState } from 'react';
import { forgottenPath, linkPaths } from '@/lib/paths';

/** The page that the address of the browser names, with the secret of the link. */
export interface LinkPage {
  kind: 'forgotten' | 'invitation' | 'password' | 'email' | 'none';
  secret: string;
}

/** Reads the address once: the secret goes out of it, so that it stays in no history. */
export function linkPageOf(path: string, hash: string): LinkPage {
  if (path === forgottenPath) return { kind: 'forgotten', secret: '' };
  const kind = (['invitation', 'password', 'email'] as const).find((each) => linkPaths[each] === path) ?? 'none';
  return { kind, secret: hash.replace(/^#/, '') };
}

/** What a link in a mail leads to. */
export function useLinkPage(): LinkPage {
  const [page] = useState(() => {
    const found = linkPageOf(window.location.pathname, window.location.hash);
    if (found.secret && found.kind !== 'none') window.history.replaceState(null, '', window.location.pathname);
    return found;
  });
  return page;
}
