import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { RecordName } from '@/fields/record-name';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { organisationKinds, parentColumn, unitsQuery, type OrganisationKinds, type Unit } from '../api/units';
import { pathTo } from '../hooks/tree';
import { NewOrganisationDialog } from './new-organisation-dialog';
import { UnitPeople } from './unit-people';
import { UnitTeams } from './unit-teams';
import { UnitTree } from './unit-tree';
import roles from './roles.module.css';
import styles from './units.module.css';

/** Stands in the address for people and teams that belong to no unit. */
const nowhere = '-';

function UnitView({ kinds, entity, units, unit }: { kinds: OrganisationKinds; entity: Entity; units: readonly Unit[]; unit: Unit | null }) {
  const t = useTexts();
  const above = unit ? pathTo(units, unit.id).slice(0, -1) : [];
  return (
    <section className={styles.view} aria-label={unit?.name ?? t('units.nowhere')}>
      <div>
        {above.length > 0 ? <p className={styles.faint}>{above.map(({ name }) => name).join(' › ')}</p> : null}
        <h2 className={styles.unitName}>{unit?.name ?? t('units.nowhere')}</h2>
        {unit ? <RecordName entity={entity.name} id={unit.id} name={unit.name} /> : <p className={styles.hint}>{t('units.nowhere.text')}</p>}
      </div>
      {kinds.user ? <UnitPeople key={`people/${unit?.id ?? nowhere}`} entity={kinds.user} units={units} unit={unit} /> : null}
      {kinds.team ? <UnitTeams key={`teams/${unit?.id ?? nowhere}`} entity={kinds.team} user={kinds.user} unit={unit} /> : null}
    </section>
  );
}

function Organisation({ kinds, entity }: { kinds: OrganisationKinds; entity: Entity }) {
  const t = useTexts();
  const query = useQuery(unitsQuery(useApi(), useModel(), entity));
  const [params, setParams] = useSearchParams();
  if (query.isPending)
    return (
      <div className={roles.bones}>
        <Bone width="60%" />
      </div>
    );
  if (query.isError) return <Message icon="alert" title={t('list.failed')} text={failureText(t, query.error)} action={{ label: t('common.retry'), onClick: () => void query.refetch() }} />;
  const wanted = params.get('unit');
  const unit = wanted === nowhere ? null : (query.data.find((each) => each.id === wanted) ?? query.data.find((each) => each.parent === null) ?? query.data[0] ?? null);
  const choose = (id: string) => setParams({ unit: id }, { replace: true });
  return (
    <div className={styles.split}>
      <div className={styles.side}>
        <UnitTree units={query.data} chosen={unit?.id ?? null} onChoose={choose} />
        <button type="button" className={styles.nowhere} aria-current={unit === null ? 'true' : undefined} onClick={() => choose(nowhere)}>
          {t('units.nowhere')}
        </button>
      </div>
      <UnitView kinds={kinds} entity={entity} units={query.data} unit={unit} />
    </div>
  );
}

/** The business units, and the people and teams of each. */
export function UnitsPage() {
  const t = useTexts();
  const kinds = organisationKinds(useModel());
  const [params, setParams] = useSearchParams();
  const [adding, setAdding] = useState(false);
  usePageTitle(t('units.title'));
  const above = kinds.unit && parentColumn(kinds.unit);
  const parent = params.get('unit');
  return (
    <>
      <PageHeader actions={kinds.unit ? <Button onClick={() => setAdding(true)}>{t(above && parent && parent !== nowhere ? 'units.new.below' : 'units.new')}</Button> : null}>
        <h1 className={roles.title}>{t('units.title')}</h1>
      </PageHeader>
      {kinds.unit ? <Organisation kinds={kinds} entity={kinds.unit} /> : <Message icon="empty" title={t('units.none')} text={t('units.none.text')} />}
      {adding && kinds.unit ? (
        <NewOrganisationDialog entity={kinds.unit} title={t('units.new')} values={above && parent && parent !== nowhere ? { [above]: parent } : {}} onClose={() => setAdding(false)} onCreated={(id) => setParams({ unit: id }, { replace: true })} />
      ) : null}
    </>
  );
}
