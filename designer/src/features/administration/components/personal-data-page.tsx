import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { administrationPath } from '@/lib/paths';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { inventoryCsv, inventoryQuery, type PersonalField } from '../api/inventory';
import frame from './administration.module.css';
import { WorkTable, type WorkColumn } from './work-table';

type Row = PersonalField & { id: string };

function useColumns(): WorkColumn<Row>[] {
  const t = useTexts();
  const named = ({ entity, field, fieldLabel }: Row) => (
    <Anchor inherit fw={550} component={Link} title={t('admin.uses')} to={`${administrationPath('uses')}?${new URLSearchParams({ entity, field })}`}>
      {fieldLabel}
    </Anchor>
  );
  const whole = (text: string) => <span title={text}>{text || '–'}</span>;
  return [
    { label: t('privacy.inventory.field'), width: 11, cell: named },
    { label: t('privacy.inventory.of'), width: 9, cell: ({ entityLabel }) => whole(entityLabel) },
    { label: t('privacy.inventory.purpose'), cell: ({ purpose }) => whole(purpose ?? '') },
    {
      label: t('privacy.inventory.basis'),
      width: 11,
      cell: ({ basis, isSensitive }) => whole([basis ? t(`privacy.basis.${basis}`) : '', isSensitive ? t('privacy.inventory.sensitive') : ''].filter(Boolean).join(' · ')),
    },
    { label: t('privacy.inventory.erasure'), width: 7, cell: ({ erasure }) => (erasure ? t(`privacy.fate.${erasure}`) : '–') },
    { label: t('privacy.inventory.keep'), width: 9, cell: ({ keepReason, keepFor, retentionAfter }) => whole([keepReason, keepFor, retentionAfter].filter(Boolean).join(' · ')) },
    { label: t('privacy.inventory.readers'), width: 12, cell: ({ readers }) => whole(readers.join(', ')) },
  ];
}

/** What is kept about people, what for, and what becomes of it. */
export function PersonalDataPage() {
  const t = useTexts();
  const columns = useColumns();
  const inventory = useQuery(inventoryQuery(useApi()));
  const rows = inventory.data?.map((each) => ({ ...each, id: `${each.entity}.${each.field}` }));
  usePageTitle(t('privacy.inventory'));
  return (
    <>
      <PageHeader
        actions={
          <Button component="a" variant="default" href={inventoryCsv} download="personal-data.csv">
            {t('privacy.inventory.csv')}
          </Button>
        }
      >
        <h1 className={frame.title}>{t('privacy.inventory')}</h1>
      </PageHeader>
      {inventory.isError && !rows ? (
        <Message icon="alert" title={t('list.failed')} text={failureText(t, inventory.error)} action={{ label: t('common.retry'), onClick: () => void inventory.refetch() }} />
      ) : rows?.length === 0 ? (
        <Message icon="search" title={t('privacy.inventory.empty')} text={t('privacy.inventory.empty.text')} />
      ) : (
        <WorkTable label={t('privacy.inventory')} rows={rows} columns={columns} errorOf={() => null} />
      )}
    </>
  );
}
