import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import type { Job } from '../api/jobs';

/** Says what a job does. */
export function useJobTitle(): (job: Job) => string {
  const t = useTexts();
  const model = useModel();
  return ({ kind, collection, values }) => {
    const entity = model.byPlural(collection);
    const name = entity?.pluralLabel ?? collection;
    if (kind === 'reencrypt' || kind === 'person_export' || kind === 'person_erasure') return t(`job.${kind}`);
    if (kind !== 'recompute') return t(kind === 'delete' ? 'job.delete' : 'job.update', { name });
    const field = String(values?.field).split('.').at(-1) ?? '';
    return t('job.recompute', { name, field: entity?.fields.find((each) => each.name === field)?.label ?? field });
  };
}
