import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import styles from './access.module.css';
import { ShareForm } from './share-form';
import { ShareRow } from './share-row';
import { useShares } from './use-shares';

interface ShareDialogProps {
  entity: Entity;
  id: string;
  title: string;
  opened: boolean;
  onClose(): void;
}

function Content({ entity, id, onClose }: Omit<ShareDialogProps, 'title'>) {
  const t = useTexts();
  const { user } = useModel().source;
  const queries = useQueryClient();
  const shares = useShares(entity.name, id, true);
  if (shares.isPending) return <Bone width="80%" />;
  if (shares.isError) return <Message icon="alert" title={t('list.failed')} text={failureText(t, shares.error)} action={{ label: t('common.retry'), onClick: () => void shares.refetch() }} />;
  const { data } = shares;
  const laidDown = () => {
    onClose();
    void queries.invalidateQueries({ queryKey: ['records'] });
  };
  return (
    <div className={styles.dialog}>
      {data.canShare ? <ShareForm entity={entity.name} id={id} shares={data} /> : <p className={styles.hint}>{t('share.mayNot')}</p>}
      <section className={styles.list} aria-label={t('share.list')}>
        <h3 className={styles.heading}>{t('share.list')}</h3>
        {data.shares.length === 0 ? <p className={styles.hint}>{t('share.none')}</p> : null}
        <ul className={styles.plain}>
          {data.shares.map((share) => (
            <ShareRow key={share.principal} entity={entity.name} id={id} share={share} shares={data} isOwn={share.principal === user.id} onLaidDown={laidDown} />
          ))}
        </ul>
      </section>
      <p className={styles.faint}>{t('share.limits')}</p>
    </div>
  );
}

/** With whom a record is shared, and what they may do with it. */
export function ShareDialog({ title, opened, onClose, ...rest }: ShareDialogProps) {
  const t = useTexts();
  const narrow = useNarrow();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      fullScreen={narrow}
      title={t('share.title', { name: title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)', overflowWrap: 'anywhere' } }}
    >
      <Content opened={opened} onClose={onClose} {...rest} />
    </Modal>
  );
}
