import { Button, Loader } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import type { RecordForm } from '../hooks/use-record-form';

/** Saves the form; not there where the record cannot be changed. */
export function SaveButton({ form, fullWidth }: { form: RecordForm; fullWidth?: boolean }) {
  const t = useTexts();
  if (!form.mayWrite) return null;
  const idle = !form.isDirty && !form.isNew;
  return (
    // Not `disabled`: that would take the focus away from who saves with the keyboard.
    <Button type="submit" fullWidth={fullWidth ?? false} data-disabled={idle || undefined} aria-disabled={idle || form.isSaving} aria-busy={form.isSaving} leftSection={form.isSaving ? <Loader size={13} color="currentColor" /> : null}>
      {t('common.save')}
    </Button>
  );
}
