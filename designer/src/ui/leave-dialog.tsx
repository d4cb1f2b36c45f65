import type { Blocker } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { Question } from './question';

/** Asks before unsaved changes are lost; `text` says which. */
export function LeaveDialog({ guard, text }: { guard: Blocker; text?: string }) {
  const t = useTexts();
  const stay = () => guard.reset?.();
  return (
    <Question
      opened={guard.state === 'blocked'}
      onClose={stay}
      title={t('leave.title')}
      text={text ?? t('leave.text')}
      answers={[
        { label: t('leave.leave'), color: 'red', variant: 'light', onClick: () => guard.proceed?.() },
        { label: t('leave.stay'), variant: 'filled', safe: true, onClick: stay },
      ]}
    />
  );
}
