import { Anchor } from '@mantine/core';
import { filePath } from '@/api/files';
import { useTexts } from '@/lib/i18n/text';

/** Opens a stored file. */
export function FileLink({ id, name }: { id: string; name?: string | undefined }) {
  const t = useTexts();
  return (
    <Anchor inherit href={filePath(id)} target="_blank" rel="noopener" onClick={(event) => event.stopPropagation()}>
      {name ?? t('file.open')}
    </Anchor>
  );
}
