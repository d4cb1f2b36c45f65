import type { Blocker } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';

/** Asks before unsaved changes are lost. */
export function LeaveDialog({ guard }: { guard: Blocker }) {
  const t = useTexts();
  const stay = () => guard.reset?.();
  return (
    <Question
      opened={guard.state === 'blocked'}
      onClose={stay}
      title={t('leave.title')}
      text={t('leave.text')}
      answers={[
        { label: t('leave.leave'), color: 'red', variant: 'light', onClick: () => guard.proceed?.() },
        { label: t('leave.stay'), variant: 'filled', safe: true, onClick: stay },
      ]}
    />
  );
}
