import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useApi } from '@/api/api-context';
import { sessionQuery } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { Splash } from '@/ui/splash';
import { ModelGate } from './model-gate';

// Who comes with a session, as most do, needs none of these.
const PasswordPage = lazy(async () => ({ default: (await import('@/features/sign-in/components/password-page')).PasswordPage }));
const SessionExpired = lazy(async () => ({ default: (await import('@/features/sign-in/components/session-expired')).SessionExpired }));
const SignInPage = lazy(async () => ({ default: (await import('@/features/sign-in/components/sign-in-page')).SignInPage }));

function useExpired(signedIn: boolean): [boolean, (expired: boolean) => void] {
  const [expired, setExpired] = useState(false);
  useEffect(() => {
    if (!signedIn) return undefined;
    const listen = () => setExpired(true);
    window.addEventListener('xrm:unauthorised', listen);
    return () => window.removeEventListener('xrm:unauthorised', listen);
  }, [signedIn]);
  return [expired, setExpired];
}

/** Lets in who has a session; a session that ends is renewed above the page, so that nothing entered is lost. */
export function SessionGate() {
  const t = useTexts();
  const queries = useQueryClient();
  const session = useQuery(sessionQuery(useApi()));
  const [expired, setExpired] = useExpired(Boolean(session.data));
  const [oneTimePassword, setOneTimePassword] = useState('');

  // What failed for want of a session is asked for again.
  const renewed = () => {
    setExpired(false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  };

  if (session.isPending) return <Splash />;
  if (session.error) {
    return (
      <Message
        icon="offline"
        title={t('error.unexpected')}
        text={t('error.network')}
        action={{ label: t('common.retry'), onClick: () => void session.refetch() }}
      />
    );
  }
  if (!session.data || session.data.mustChangePassword) {
    return <Suspense fallback={<Splash />}>{session.data ? <PasswordPage current={oneTimePassword} /> : <SignInPage onSignedIn={setOneTimePassword} />}</Suspense>;
  }
  return (
    <>
      <ModelGate />
      <Suspense>{expired ? <SessionExpired userName={session.data.user.userName} onSignedIn={renewed} /> : null}</Suspense>
    </>
  );
}
