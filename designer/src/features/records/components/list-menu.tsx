import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconFileTypeCsv } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import type { RecordList } from '../hooks/use-record-list';

/** What can be done with a list as a whole. */
export function ListMenu({ list }: { list: RecordList }) {
  const t = useTexts();
  if (!list.entity.rights.export) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t('common.more')}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={list.exportPath} download leftSection={<IconFileTypeCsv size={15} stroke={1.7} aria-hidden />}>
          {t('list.export')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
