import { ActionIcon, Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { PrincipalBox } from '@/fields/lookup/principal-box';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { teamsOfQuery, unitColumn, type Team, type Unit } from '../api/units';
import { useOrganisationChange } from '../hooks/use-organisation-change';
import { NewOrganisationDialog } from './new-organisation-dialog';
import styles from './units.module.css';

const people = ['user'] as const;

function TeamRow({ team }: { team: Team }) {
  const t = useTexts();
  const id = useId();
  const [open, setOpen] = useState(false);
  const change = useOrganisationChange();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={styles.team}>
      <button type="button" className={styles.teamButton} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Chevron size={14} aria-hidden />
        <span className={styles.personName}>{team.name}</span>
        <span className={styles.faint}>{t(team.members.length === 1 ? 'units.members.one' : 'units.members.other', { count: team.members.length })}</span>
      </button>
      <div id={id} className={styles.members} hidden={!open}>
        {open ? (
          <>
            <PrincipalBox label={t('units.member.add')} placeholder={t('share.with.placeholder')} kinds={people} value={null} without={team.members.map((member) => member.id)} error={change.failure ?? undefined} onPick={(picked) => picked && change.addMember(team, { id: picked.principal, name: picked.name })} />
            {team.members.length === 0 ? <p className={styles.hint}>{t('units.members.none')}</p> : null}
            <ul className={styles.plain}>
              {team.members.map((member) => (
                <li key={member.id} className={styles.person}>
                  <span className={styles.personName}>
                    {member.name} {member.subtitle ? <span className={styles.faint}>{member.subtitle}</span> : null}
                  </span>
                  <ActionIcon size="lg" disabled={change.isBusy} aria-label={t('units.member.remove', { name: member.name })} title={t('units.member.remove', { name: member.name })} onClick={() => change.removeMember(team, member)}>
                    <IconX size={15} />
                  </ActionIcon>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </li>
  );
}

/** The teams of a unit, or those of none, with their members. */
export function UnitTeams({ entity, user, unit }: { entity: Entity; user: Entity | undefined; unit: Unit | null }) {
  const t = useTexts();
  const query = useQuery(teamsOfQuery(useApi(), useModel(), { team: entity, user }, unit?.id ?? null));
  const [adding, setAdding] = useState(false);
  const column = unitColumn(entity);
  return (
    <section className={styles.part} aria-label={t('access.kind.team')}>
      <div className={styles.partTop}>
        <h3 className={styles.partTitle}>
          {t('access.kind.team')} {query.data ? <span className={styles.faint}>{query.data.length}</span> : null}
        </h3>
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('units.team.new')}
        </Button>
      </div>
      {query.isPending ? <Bone width="60%" /> : query.isError ? <p className={styles.failure}>{failureText(t, query.error)}</p> : query.data.length === 0 ? <p className={styles.hint}>{t('units.teams.none')}</p> : null}
      <ul className={styles.plain}>
        {query.data?.map((team) => (
          <TeamRow key={team.id} team={team} />
        ))}
      </ul>
      {adding ? <NewOrganisationDialog entity={entity} title={t('units.team.new')} values={column && unit ? { [column]: unit.id } : {}} onClose={() => setAdding(false)} onCreated={() => setAdding(false)} /> : null}
    </section>
  );
}
