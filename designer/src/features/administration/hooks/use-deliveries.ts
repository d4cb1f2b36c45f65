import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useTexts } from '@/lib/i18n/text';
import { deliveriesQuery, type Delivery } from '../api/administration';
import { useAction } from './use-action';

/** The deliveries, and another try for those that were given up. */
export function useDeliveries() {
  const t = useTexts();
  const deliveries = useQuery(deliveriesQuery(useApi()));
  const { run, busyId } = useAction('deliveries');
  return { deliveries, busyId, retry: ({ id }: Delivery) => run({ id, action: 'retry', done: t('admin.delivery.retried') }) };
}
