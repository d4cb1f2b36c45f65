import { ActionIcon, Button, Group } from '@mantine/core';
import { IconPencil, IconUser, IconUsersGroup, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import type { Share, Shares } from '../api/shares';
import styles from './access.module.css';
import { RightsChoice } from './rights-choice';
import { useShareChange } from './use-shares';

interface ShareRowProps {
  entity: string;
  id: string;
  share: Share;
  shares: Shares;
  isOwn: boolean;
  /** The signed-in person has given up their share, and may not see the record any more. */
  onLaidDown(): void;
}

/** Somebody with whom a record is shared, since when and by whom. */
export function ShareRow({ entity, id, share, shares, isOwn, onLaidDown }: ShareRowProps) {
  const t = useTexts();
  const [rights, setRights] = useState<Share['rights'] | null>(null);
  const [asking, setAsking] = useState(false);
  const { change, isChanging, failure: changeFailure, reset } = useShareChange(entity, id, () => setRights(null));
  const laying = useShareChange(entity, id, onLaidDown);
  const failure = isOwn && !rights ? laying.failure : changeFailure;
  const layDown = () => {
    setAsking(false);
    laying.change({ who: share, rights: null, done: t('share.laidDown') });
  };
  const name = share.name ?? t('access.unknown');
  const Icon = share.kind === 'team' ? IconUsersGroup : IconUser;
  const leave = () => {
    reset();
    setRights(null);
  };
  return (
    <li className={styles.share}>
      <span className={styles.face} title={t(`access.kind.${share.kind}.one`)}>
        <Icon size={15} stroke={1.7} aria-hidden />
      </span>
      <div className={styles.shareBody}>
        <strong className={styles.shareName}>{isOwn ? t('share.you', { name }) : name}</strong>
        <span className={styles.hint}>{share.rights.map((right) => t(`access.do.${right}`)).join(' · ')}</span>
        <span className={styles.faint}>{t('share.since', { at: formatDateTime(share.sharedAt, t.language), name: share.sharedByName ?? t('access.unknown') })}</span>
        {rights ? (
          <div className={styles.change}>
            <RightsChoice givable={shares.rights} value={rights} disabled={isChanging} error={failure.rights} onChange={setRights} />
            <Group gap="xs">
              <Button loading={isChanging} onClick={() => change({ who: share, rights, done: t('share.changed', { name }) })}>
                {t('share.save')}
              </Button>
              <Button variant="default" onClick={leave}>
                {t('common.cancel')}
              </Button>
            </Group>
          </div>
        ) : null}
        {(failure.other ?? failure.principal) ? (
          <p className={styles.failure} role="alert">
            {failure.other ?? failure.principal}
          </p>
        ) : null}
      </div>
      <div className={styles.shareActions}>
        {shares.canShare && !rights ? (
          <ActionIcon size="lg" aria-label={t('share.change', { name })} title={t('share.change', { name })} onClick={() => setRights(share.rights)}>
            <IconPencil size={15} />
          </ActionIcon>
        ) : null}
        {isOwn ? (
          <Button variant="default" loading={laying.isChanging} onClick={() => setAsking(true)}>
            {t('share.layDown')}
          </Button>
        ) : shares.canShare ? (
          <ActionIcon size="lg" aria-label={t('share.end', { name })} title={t('share.end', { name })} loading={isChanging && !rights} onClick={() => change({ who: share, rights: null, done: t('share.ended', { name }) })}>
            <IconX size={15} />
          </ActionIcon>
        ) : null}
      </div>
      <Question
        opened={asking}
        title={t('share.layDown.title')}
        text={t('share.layDown.text')}
        onClose={() => setAsking(false)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsking(false) },
          { label: t('share.layDown'), color: 'red', variant: 'filled', onClick: layDown },
        ]}
      />
    </li>
  );
}
