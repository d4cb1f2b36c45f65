import { notifications } from '@mantine/notifications';
import { useMemo, type ReactNode } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { editors } from '@/fields/editors';
import { EditorsContext } from '@/fields/fields-context';
import { FormulasProvider } from '@/fields/formulas-provider';
import { useTexts } from '@/lib/i18n/text';
import { listPath, recordPath } from '@/lib/paths';
import { useRecordForm } from '../hooks/use-record-form';
import { RecordForm } from './record-form';
import { showNotes } from '../hooks/show-notes';
import { RecordFormMissing } from './record-form-missing';
import { RecordFormSkeleton } from './record-form-skeleton';

/** Values for a new record that the address gives, such as the record from which it was asked for. */
function useGivenValues(): RecordValues {
  const [params] = useSearchParams();
  const text = params.get('values');
  return useMemo(() => {
    try {
      return text ? (JSON.parse(text) as RecordValues) : {};
    } catch {
      return {};
    }
  }, [text]);
}

function Page({ entity, app, id }: { entity: Entity; app: string; id: string | null }) {
  const t = useTexts();
  const navigate = useNavigate();
  const given = useGivenValues();
  const form = useRecordForm({
    entity,
    id,
    given,
    onSaved: (record, notes) => {
      notifications.show({ message: id === null ? t('form.created', { name: entity.label }) : t('form.saved'), color: 'green' });
      showNotes(notes);
      if (id === null) void navigate(recordPath(app, entity.plural, record.id), { replace: true });
    },
  });
  if (id !== null && form.loaded.isPending) return <RecordFormSkeleton />;
  if (id !== null && form.loaded.isError) return <RecordFormMissing error={form.loaded.error} onRetry={() => void form.loaded.refetch()} listPath={listPath(app, entity.plural)} />;
  return <RecordForm form={form} app={app} />;
}

/** One record in its form, or an empty form for a new one. */
export function RecordPage({ missing }: { missing: ReactNode }) {
  const { app, plural, id } = useParams();
  const entity = useModel().byPlural(plural);
  if (!entity || !app || !id) return missing;
  return (
    <FormulasProvider>
      <EditorsContext value={editors}>
        <Page key={`${entity.name}/${id}`} entity={entity} app={app} id={id === 'new' ? null : id} />
      </EditorsContext>
    </FormulasProvider>
  );
}
