import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconHelpCircle, IconShare3, IconShieldLock, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import { ExplainPanel } from '../access/explain-panel';
import { isOwnedKind } from '../access/owned';
import { ShareDialog } from '../access/share-dialog';
import type { RecordActions } from '../hooks/use-record-actions';
import type { RecordForm } from '../hooks/use-record-form';
import { PrivacyPanel } from '../privacy/privacy-panel';
import { DeleteDialog } from './delete-dialog';

type Opened = 'share' | 'explain' | 'privacy' | 'delete';

const icon = { size: 15, stroke: 1.7 };

/** What can be done with a stored record besides what its own buttons do. */
export function RecordMenu({ form, id, title, onDelete }: { form: RecordForm; id: string; title: string; onDelete: RecordActions['remove'] }) {
  const t = useTexts();
  const [opened, setOpened] = useState<Opened | null>(null);
  const { entity } = form;
  const isOwned = isOwnedKind(entity);
  const { user } = useModel().source;
  const asksPrivacy = entity.isPerson && user.isAdministrator;
  const close = () => setOpened(null);
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t('common.more')}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isOwned ? (
            <Menu.Item leftSection={<IconShare3 {...icon} />} onClick={() => setOpened('share')}>
              {t(entity.rights.share ? 'share.open' : 'share.look')}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconHelpCircle {...icon} />} onClick={() => setOpened('explain')}>
            {t('explain.open')}
          </Menu.Item>
          {asksPrivacy ? (
            <Menu.Item leftSection={<IconShieldLock {...icon} />} onClick={() => setOpened('privacy')}>
              {t('privacy.open')}
            </Menu.Item>
          ) : null}
          {entity.rights.delete ? (
            <Menu.Item color="var(--x-danger)" leftSection={<IconTrash {...icon} />} onClick={() => setOpened('delete')}>
              {t('common.delete')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {isOwned ? <ShareDialog entity={entity} id={id} title={title} opened={opened === 'share'} onClose={close} /> : null}
      <ExplainPanel entity={entity} id={id} title={title} opened={opened === 'explain'} onClose={close} />
      {asksPrivacy ? <PrivacyPanel person={{ entity: entity.name, id }} title={title} opened={opened === 'privacy'} onClose={close} /> : null}
      <DeleteDialog entity={entity} title={title} opened={opened === 'delete'} onClose={close} onConfirm={onDelete} />
    </>
  );
}
