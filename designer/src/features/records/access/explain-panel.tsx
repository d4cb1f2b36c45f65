import { Drawer } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { useRecordNames } from '@/api/use-record-names';
import { PrincipalBox, type NamedPrincipal } from '@/fields/lookup/principal-box';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import { explanationQuery, type ExplainedOperation, type Explanation } from '../api/explanation';
import styles from './access.module.css';
import { ExplainedFields } from './explained-fields';
import { isOwnedKind } from './owned';
import { LadderHead, ReachLadder } from './reach-ladder';
import { operationText, reasonsOf } from './reasons';

const people = ['user'] as const;

function Operation({ explanation, operation, isOwned }: { explanation: Explanation; operation: ExplainedOperation; isOwned: boolean }) {
  const t = useTexts();
  const Icon = operation.isAllowed ? IconCircleCheck : IconCircleX;
  return (
    <li className={styles.operation} data-allowed={operation.isAllowed || undefined}>
      <Icon size={18} stroke={1.8} className={styles.verdict ?? ''} aria-hidden />
      <div className={styles.operationBody}>
        <strong>
          {operationText(operation.operation, t)}: {t(operation.isAllowed ? 'explain.yes' : 'explain.no')}
        </strong>
        {reasonsOf(explanation, operation, t).map((reason) => (
          <p key={reason} className={styles.reason}>
            {reason}
          </p>
        ))}
        {isOwned && !explanation.user.mayEverything ? <ReachLadder roles={operation.roles} distance={explanation.distance} /> : null}
      </div>
    </li>
  );
}

/** Where the record lies, seen from the person: who owns it, and how far a right has to reach. */
function Place({ explanation, isSelf, isOwned }: { explanation: Explanation; isSelf: boolean; isOwned: boolean }) {
  const t = useTexts();
  const { owner, owningUnit, distance, user } = explanation;
  const nameOf = useRecordNames([
    ...(owner ? [{ entity: 'user', recordId: owner }, { entity: 'team', recordId: owner }] : []),
    ...(owningUnit ? [{ entity: 'business_unit', recordId: owningUnit }] : []),
  ]);
  const names = [owner && nameOf(owner) ? t('explain.owner', { name: nameOf(owner) ?? '' }) : '', owningUnit && nameOf(owningUnit) ? t('explain.unit', { name: nameOf(owningUnit) ?? '' }) : ''].filter(Boolean).join(' · ');
  if (!isOwned) return <p className={styles.place}>{t('explain.ownerless')}</p>;
  return (
    <div className={styles.place}>
      <p>{distance === 'none' || !owner ? t('explain.place.nobody') : t(isSelf ? `explain.place.${distance}` : `explain.place.other.${distance}`, { name: user.name })}</p>
      {names ? <p className={styles.faint}>{names}</p> : null}
    </div>
  );
}

function Answer({ entity, id, person }: { entity: Entity; id: string; person: NamedPrincipal | null }) {
  const t = useTexts();
  const { user } = useModel().source;
  const query = useQuery(explanationQuery(useApi(), entity.name, id, person && person.principal !== user.id ? person.principal : undefined));
  if (query.isPending) return <Bone width="80%" />;
  if (query.error instanceof ApiError && query.error.code === 'user_unknown') return <Message icon="missing" title={t('access.noAccount')} text={t('explain.noAccount')} />;
  if (query.isError) return <Message icon="alert" title={t('list.failed')} text={failureText(t, query.error)} action={{ label: t('common.retry'), onClick: () => void query.refetch() }} />;
  const { data } = query;
  const isOwned = isOwnedKind(entity);
  return (
    <div className={styles.dialog} aria-live="polite" aria-busy={query.isFetching || undefined}>
      <Place explanation={data} isSelf={data.user.id === user.id} isOwned={isOwned} />
      {isOwned && !data.user.mayEverything ? <LadderHead distance={data.distance} /> : null}
      <ul className={styles.plain}>
        {data.operations.map((operation) => (
          <Operation key={operation.operation} explanation={data} operation={operation} isOwned={isOwned} />
        ))}
      </ul>
      <ExplainedFields fields={data.fields} />
    </div>
  );
}

/** Says what somebody can do with a record, and why. */
export function ExplainPanel({ entity, id, title, opened, onClose }: { entity: Entity; id: string; title: string; opened: boolean; onClose(): void }) {
  const t = useTexts();
  const narrow = useNarrow();
  const model = useModel();
  const [person, setPerson] = useState<NamedPrincipal | null>(null);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : '34rem'}
      title={t('explain.title', { name: title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)', overflowWrap: 'anywhere' } }}
    >
      <div className={styles.dialog}>
        {model.source.user.isAdministrator && model.entity('user') ? <PrincipalBox label={t('explain.person')} placeholder={t('explain.person.self')} kinds={people} value={person} onPick={setPerson} /> : null}
        <Answer entity={entity} id={id} person={person} />
      </div>
    </Drawer>
  );
}
