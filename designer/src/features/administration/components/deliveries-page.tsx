import { Button } from '@mantine/core';
import { RecordName } from '@/fields/record-name';
import { formatDateTime } from '@/lib/format';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import type { Delivery } from '../api/administration';
import { useDeliveries } from '../hooks/use-deliveries';
import { useRecordNames } from '@/api/use-record-names';
import { ListFrame } from './list-frame';
import { SectionHeader } from './section-header';
import { StateBadge } from './state-badge';
import { WorkTable, type WorkColumn } from './work-table';

const events: Record<Delivery['event'], TextKey> = { created: 'admin.event.created', updated: 'admin.event.updated', deleted: 'admin.event.deleted' };

/** Record events on their way to receivers in plugins. */
export function DeliveriesPage() {
  const t = useTexts();
  const { deliveries, busyId, retry } = useDeliveries();
  const nameOf = useRecordNames(deliveries.data ?? []);
  const columns: WorkColumn<Delivery>[] = [
    { label: t('admin.record'), cell: (row) => <RecordName entity={row.entity} id={row.recordId} name={nameOf(row.recordId)} /> },
    { label: t('admin.event'), width: 6, cell: (row) => t(events[row.event]) },
    { label: t('admin.receiver'), width: 10, cell: (row) => row.receiver },
    { label: t('admin.state'), width: 8, cell: (row) => <StateBadge state={row.state} /> },
    { label: t('admin.attempts'), width: 5, cell: (row) => row.attempts },
    { label: t('admin.nextAttempt'), width: 11, cell: (row) => (row.state === 'waiting' ? formatDateTime(row.nextAttemptAt, t.language) : '–') },
  ];
  return (
    <>
      <SectionHeader title={t('admin.deliveries')} />
      <ListFrame query={deliveries} empty={{ title: t('admin.deliveries.empty'), text: t('admin.deliveries.empty.text') }}>
        <WorkTable
          label={t('admin.deliveries')}
          rows={deliveries.data}
          columns={columns}
          errorOf={(row) => row.lastError}
          actions={(row) =>
            row.state === 'dead' ? (
              <Button variant="default" loading={busyId === row.id} onClick={() => retry(row)}>
                {t('admin.delivery.retry')}
              </Button>
            ) : null
          }
        />
      </ListFrame>
    </>
  );
}
