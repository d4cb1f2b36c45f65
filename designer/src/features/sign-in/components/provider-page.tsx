import { Alert, Anchor, Loader } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { finishProvider, useSignIn, type ProviderAnswer } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';
import { SecondStepForm } from './second-step-form';

/** Where a provider sends people back: their answer is handed on, and the second step asked for where there is one. */
export function ProviderPage({ answer, onSignedIn }: { answer: ProviderAnswer; onSignedIn(): void }) {
  const t = useTexts();
  const api = useApi();
  const sent = useRef(false);
  const goOn = (to: string) => {
    onSignedIn();
    // The server names pages of its own alone; whatever comes, it is one of this server.
    const page = new URL(to, window.location.origin);
    window.location.replace(page.origin === window.location.origin ? page.href : '/');
  };
  const finish = useMutation({
    mutationFn: () => finishProvider(api, answer),
    onSuccess: ({ session, returnTo }) => (session?.secondStep ? undefined : goOn(returnTo)),
  });
  const secondStep = useSignIn({ onSignedIn: () => goOn(finish.data?.returnTo ?? '/') });
  const { mutate } = finish;
  useEffect(() => {
    // An answer counts once; effects may run twice.
    if (!sent.current) mutate();
    sent.current = true;
  }, [mutate]);

  const methods = finish.data?.session?.secondStep?.methods;
  if (methods) {
    return (
      <EntryCard title={t('signIn.title')} subtitle={t('signIn.subtitle')}>
        <SecondStepForm methods={methods} error={secondStep.error} busy={secondStep.isPending} onProof={(proof) => secondStep.mutate(proof)} onBack={() => goOn('/')} />
      </EntryCard>
    );
  }
  return (
    <EntryCard title={t('signIn.title')} subtitle={t(finish.error ? 'identity.provider.failed' : 'identity.provider.checking')}>
      <div className={styles.form}>
        {finish.error ? (
          <>
            <Alert color="red" variant="light" p="xs" role="alert">
              {failureText(t, finish.error)}
            </Alert>
            <Anchor href="/" size="sm">
              {t('identity.back')}
            </Anchor>
          </>
        ) : (
          <Loader size="sm" role="status" aria-label={t('identity.provider.checking')} />
        )}
      </div>
    </EntryCard>
  );
}
