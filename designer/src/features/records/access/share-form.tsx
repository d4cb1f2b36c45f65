import { Button } from '@mantine/core';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import { PrincipalBox, type NamedPrincipal } from '@/fields/lookup/principal-box';
import { useTexts } from '@/lib/i18n/text';
import type { Share, Shares } from '../api/shares';
import styles from './access.module.css';
import { RightsChoice } from './rights-choice';
import { useShareChange } from './use-shares';

const kinds = ['user', 'team'] as const;

/** Shares a record with one more person or team. */
export function ShareForm({ entity, id, shares }: { entity: string; id: string; shares: Shares }) {
  const t = useTexts();
  const model = useModel();
  const [who, setWho] = useState<NamedPrincipal | null>(null);
  const [rights, setRights] = useState<Share['rights']>(['read']);
  const { change, isChanging, failure, reset } = useShareChange(entity, id, () => {
    setWho(null);
    setRights(['read']);
  });
  const known = who ? shares.shares.find((share) => share.principal === who.principal) : undefined;
  if (!kinds.some((kind) => model.entity(kind))) return <p className={styles.hint}>{t('share.nobodySeen')}</p>;
  return (
    <section className={styles.add} aria-label={t('share.add')}>
      <PrincipalBox
        label={t('share.with')}
        placeholder={t('share.with.placeholder')}
        kinds={kinds}
        value={who}
        error={failure.principal}
        onPick={(picked) => {
          reset();
          setWho(picked);
          const before = shares.shares.find((share) => share.principal === picked?.principal);
          setRights(before?.rights ?? ['read']);
        }}
      />
      {who ? (
        <>
          {known ? <p className={styles.hint}>{t('share.known', { name: who.name })}</p> : null}
          <RightsChoice givable={shares.rights} value={rights} disabled={isChanging} error={failure.rights} onChange={setRights} />
          {failure.other ? (
            <p className={styles.failure} role="alert">
              {failure.other}
            </p>
          ) : null}
          <div>
            <Button loading={isChanging} onClick={() => change({ who, rights, done: t(known ? 'share.changed' : 'share.done', { name: who.name }) })}>
              {t(known ? 'share.save' : 'share.share')}
            </Button>
          </div>
        </>
      ) : null}
    </section>
  );
}
