import { Anchor } from '@mantine/core';
import { use, type ReactNode } from 'react';
import { PlainLinks } from './plain-links';

const safe = /^(https?:|mailto:|tel:)/i;

/** A link out of the application; an address of another kind (`javascript:` …) stays plain text. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  const plain = use(PlainLinks);
  if (plain || !safe.test(href)) return <>{children}</>;
  const web = /^http/i.test(href);
  return (
    <Anchor href={href} inherit onClick={(event) => event.stopPropagation()} {...(web ? { target: '_blank', rel: 'noopener noreferrer' } : {})}>
      {children}
    </Anchor>
  );
}
