import { Button, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { PrincipalBox } from '@/fields/lookup/principal-box';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { peopleOfQuery, type Person, type Unit } from '../api/units';
import { pathTo } from '../hooks/tree';
import { useOrganisationChange } from '../hooks/use-organisation-change';
import styles from './units.module.css';

const people = ['user'] as const;

function MoveDialog({ person, units, unit, onClose }: { person: Person; units: readonly Unit[]; unit: Unit | null; onClose(): void }) {
  const t = useTexts();
  const [target, setTarget] = useState<string | null>(null);
  const change = useOrganisationChange();
  const nameOf = (id: string) => pathTo(units, id).map(({ name }) => name).join(' › ');
  return (
    <Modal opened onClose={onClose} title={t('units.move.title', { name: person.name })} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}>
      <div className={styles.form}>
        <Select
          label={t('units.move.to')}
          description={t('units.move.text')}
          searchable
          data-autofocus
          openOnFocus={false}
          error={change.failure}
          data={units.filter((each) => each.id !== unit?.id).map(({ id }) => ({ value: id, label: nameOf(id) }))}
          value={target}
          onChange={setTarget}
        />
        <Button size="sm" disabled={!target} loading={change.isBusy} onClick={() => target && change.move(person, target, units.find((each) => each.id === target)?.name ?? '', onClose)}>
          {t('units.move')}
        </Button>
      </div>
    </Modal>
  );
}

/** The people of a unit, or those of none. */
export function UnitPeople({ entity, units, unit }: { entity: Entity; units: readonly Unit[]; unit: Unit | null }) {
  const t = useTexts();
  const query = useQuery(peopleOfQuery(useApi(), useModel(), entity, unit?.id ?? null));
  const [moving, setMoving] = useState<Person | null>(null);
  const change = useOrganisationChange();
  return (
    <section className={styles.part} aria-label={t('access.kind.user')}>
      <h3 className={styles.partTitle}>
        {t('access.kind.user')} {query.data ? <span className={styles.faint}>{query.data.length}</span> : null}
      </h3>
      {unit ? (
        <div className={styles.adder}>
          <PrincipalBox label={t('units.person.add')} placeholder={t('share.with.placeholder')} kinds={people} value={null} without={query.data?.map(({ id }) => id) ?? []} error={change.failure ?? undefined} onPick={(picked) => picked && change.move({ id: picked.principal, name: picked.name }, unit.id, unit.name)} />
        </div>
      ) : null}
      {query.isPending ? <Bone width="60%" /> : query.isError ? <p className={styles.failure}>{failureText(t, query.error)}</p> : query.data.length === 0 ? <p className={styles.hint}>{t('units.people.none')}</p> : null}
      <ul className={styles.plain}>
        {query.data?.map((person) => (
          <li key={person.id} className={styles.person}>
            <span className={styles.personName}>
              {person.name} {person.subtitle ? <span className={styles.faint}>{person.subtitle}</span> : null}
            </span>
            <Button variant="subtle" color="gray" aria-label={t('units.move.title', { name: person.name })} onClick={() => setMoving(person)}>
              {t('units.move')}
            </Button>
          </li>
        ))}
      </ul>
      {moving ? <MoveDialog person={moving} units={units} unit={unit} onClose={() => setMoving(null)} /> : null}
    </section>
  );
}
