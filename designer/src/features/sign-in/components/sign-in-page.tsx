import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import { SignInForm } from './sign-in-form';

/** Where a visitor signs in. */
export function SignInPage({ onSignedIn }: { onSignedIn(password: string): void }) {
  const t = useTexts();
  return (
    <EntryCard title={t('signIn.title')} subtitle={t('signIn.subtitle')}>
      <SignInForm onSignedIn={onSignedIn} />
    </EntryCard>
  );
}
