import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import type { RecordForm } from '../hooks/use-record-form';

/** Asks what to do when somebody else saved the record first. */
export function ConflictDialog({ form }: { form: RecordForm }) {
  const t = useTexts();
  return (
    <Question
      opened={form.conflict}
      onClose={form.dismissConflict}
      title={t('conflict.title')}
      text={t('conflict.text')}
      answers={[
        { label: t('conflict.overwrite'), onClick: () => form.save(true) },
        { label: t('conflict.reload'), variant: 'filled', safe: true, onClick: () => void form.reload() },
      ]}
    />
  );
}
