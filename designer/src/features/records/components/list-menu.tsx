import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconFileImport, IconFileTypeCsv } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '@/lib/i18n/text';
import type { RecordList } from '../hooks/use-record-list';

/** Comes when it is opened: few people import. */
const ImportDialog = lazy(async () => ({ default: (await import('../importing/import-dialog')).ImportDialog }));

/** What can be done with a list as a whole. */
export function ListMenu({ list }: { list: RecordList }) {
  const t = useTexts();
  const [importing, setImporting] = useState(false);
  const { rights } = list.entity;
  if (!rights.export && !rights.import) return null;
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t('common.more')}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {rights.export ? (
            <Menu.Item component="a" href={list.exportPath} download leftSection={<IconFileTypeCsv size={15} stroke={1.7} aria-hidden />}>
              {t('list.export')}
            </Menu.Item>
          ) : null}
          {rights.import ? (
            <Menu.Item leftSection={<IconFileImport size={15} stroke={1.7} aria-hidden />} onClick={() => setImporting(true)}>
              {t('import.open')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {importing ? (
        <Suspense fallback={null}>
          <ImportDialog entity={list.entity} onClose={() => setImporting(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
