import { Button } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import type { RecordForm } from '../hooks/use-record-form';

/** Saves the form; not there where the record cannot be changed. */
export function SaveButton({ form, fullWidth }: { form: RecordForm; fullWidth?: boolean }) {
  const t = useTexts();
  if (!form.mayWrite) return null;
  return (
    <Button type="submit" fullWidth={fullWidth ?? false} disabled={!form.isDirty && !form.isNew} loading={form.isSaving}>
      {t('common.save')}
    </Button>
  );
}
