import { Anchor } from '@mantine/core';
import { use } from 'react';
import { filePath } from '@/api/files';
import { useTexts } from '@/lib/i18n/text';
import { PlainLinks } from '@/ui/plain-links';

/** Opens a stored file. */
export function FileLink({ id, name }: { id: string; name?: string | undefined }) {
  const t = useTexts();
  const text = name ?? t('file.open');
  if (use(PlainLinks)) return <>{text}</>;
  return (
    <Anchor inherit href={filePath(id)} target="_blank" rel="noopener" onClick={(event) => event.stopPropagation()}>
      {text}
    </Anchor>
  );
}
