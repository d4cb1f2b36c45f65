import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { recordPath } from '@/lib/paths';
import { usePageTitle } from '@/ui/page-title';
import { PageHeader } from '@/ui/page-header';
import { useRecordList } from '../hooks/use-record-list';
import { FilterButton } from './filter-button';
import styles from './filter.module.css';
import { ListMenu } from './list-menu';
import { ListPager } from './list-pager';
import { ListSearch } from './list-search';
import { OnlyRecord } from './only-record';
import { RecordListBody } from './record-list-body';
import { ViewPicker } from './view-picker';

/** Comes when it is opened: its inputs are many. */
const FilterBar = lazy(async () => ({ default: (await import('./filter-bar')).FilterBar }));

function List({ entity, app }: { entity: Entity; app: string }) {
  const t = useTexts();
  const list = useRecordList(entity);
  const [filterOpened, setFilterOpened] = useState(list.state.conditions.length > 0);
  usePageTitle(list.state.view?.label ?? entity.pluralLabel);
  return (
    <>
      <PageHeader
        actions={
          <>
            <ListSearch key={list.state.view?.name} name={entity.pluralLabel} value={list.state.search} onChange={list.state.setSearch} />
            <FilterButton count={list.state.conditions.length} opened={filterOpened} onToggle={() => setFilterOpened(!filterOpened)} />
            {entity.rights.create ? (
              <Button component={Link} to={recordPath(app, entity.plural, 'new')} leftSection={<IconPlus size={15} />}>
                {t('common.new')}
              </Button>
            ) : null}
            <ListMenu list={list} />
          </>
        }
      >
        <ViewPicker entity={entity} current={list.state.view} onPick={list.state.setView} />
      </PageHeader>
      {filterOpened ? (
        <Suspense fallback={<div className={styles.bar} />}>
          <FilterBar entity={entity} conditions={list.state.conditions} onChange={list.state.setConditions} />
        </Suspense>
      ) : null}
      <RecordListBody list={list} app={app} />
      <ListPager list={list} />
    </>
  );
}

/** The list of an entity's records; of settings, which are one record, the form of that. */
export function RecordListPage({ missing }: { missing: ReactNode }) {
  const { app, plural } = useParams();
  const entity = useModel().byPlural(plural);
  if (!entity || !app) return missing;
  if (entity.isSettings) return <OnlyRecord entity={entity} app={app} missing={missing} />;
  return <List key={entity.name} entity={entity} app={app} />;
}
