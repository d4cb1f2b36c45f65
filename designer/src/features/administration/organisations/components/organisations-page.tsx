import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import frame from '@/features/administration/components/administration.module.css';
import { WorkTable, type WorkColumn } from '@/features/administration/components/work-table';
import { formatDateTime, formatSize } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { organisationsQuery, type Organisation } from '../api/organisations';
import { NewOrganisationDialog } from './new-organisation-dialog';
import { OrganisationPanel } from './organisation-panel';
import styles from './organisations.module.css';

const colors = { creating: 'blue', failed: 'red', active: 'green', suspended: 'yellow', deleting: 'red' } as const;

type Row = Organisation & { id: string };

function useColumns(onOpen: (name: string) => void): WorkColumn<Row>[] {
  const t = useTexts();
  return [
    {
      label: t('identity.name'),
      cell: ({ name, displayName }) => (
        <button type="button" className={styles.name} title={displayName} onClick={() => onOpen(name)}>
          {displayName}
        </button>
      ),
    },
    { label: t('organisation.key'), width: 8, cell: ({ name }) => name },
    { label: t('organisation.hosts'), width: 11, cell: ({ hostNames }) => hostNames.join(', ') || '–' },
    { label: t('organisation.people'), width: 5, cell: ({ members }) => members ?? '–' },
    { label: t('organisation.size'), width: 5.5, cell: ({ bytes }) => (bytes === undefined ? '–' : formatSize(bytes, t.language)) },
    { label: t('admin.state'), width: 9, cell: ({ state }) => <Badge color={colors[state]} label={t(`organisation.state.${state}`)} /> },
    { label: t('organisation.createdAt'), width: 11.5, cell: ({ createdAt }) => formatDateTime(createdAt, t.language) },
  ];
}

/** The organisations of the installation. */
export function OrganisationsPage() {
  const t = useTexts();
  usePageTitle(t('organisation.organisations'));
  const list = useQuery(organisationsQuery(useApi()));
  const [openName, setOpenName] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const columns = useColumns(setOpenName);
  const open = list.data?.find(({ name }) => name === openName);
  const rows: Row[] | undefined = list.data?.map((each) => ({ ...each, id: each.name }));
  const progressOf = ({ state, progress }: Row) => ((state === 'creating' || state === 'failed') && progress) || null;
  return (
    <>
      <PageHeader actions={<Button onClick={() => setAdding(true)}>{t('organisation.new')}</Button>}>
        <h1 className={frame.title}>{t('organisation.organisations')}</h1>
      </PageHeader>
      {list.isError && !list.data ? (
        <Message icon="alert" title={t('list.failed')} text={failureText(t, list.error)} action={{ label: t('common.retry'), onClick: () => void list.refetch() }} />
      ) : (
        <WorkTable label={t('organisation.organisations')} rows={rows} columns={columns} errorOf={progressOf} />
      )}
      {open ? <OrganisationPanel key={open.name} organisation={open} onClose={() => setOpenName(null)} /> : null}
      {adding ? <NewOrganisationDialog organisations={list.data ?? []} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
