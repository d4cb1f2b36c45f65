import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useApi } from '@/api/api-context';
import { sessionQuery } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { isLinkPath } from '@/lib/paths';
import { Message } from '@/ui/message';
import { Splash } from '@/ui/splash';
import { ModelGate } from './model-gate';

// Who comes with a session, as most do, needs none of these.
const PasswordPage = lazy(async () => ({ default: (await import('@/features/sign-in/components/password-page')).PasswordPage }));
const SessionExpired = lazy(async () => ({ default: (await import('@/features/sign-in/components/session-expired')).SessionExpired }));
const FactorPage = lazy(async () => ({ default: (await import('@/features/sign-in/components/factor-page')).FactorPage }));
const VisitorPage = lazy(async () => ({ default: (await import('@/features/sign-in/components/visitor-page')).VisitorPage }));

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
  // A link in a mail counts whoever is signed in: it may be meant for somebody else.
  if (!session.data || isLinkPath(window.location.pathname)) {
    return (
      <Suspense fallback={<Splash />}>
        <VisitorPage onSignedIn={setOneTimePassword} />
      </Suspense>
    );
  }
  if (session.data.mustChangePassword || session.data.mustAddSecondFactor) {
    return <Suspense fallback={<Splash />}>{session.data.mustChangePassword ? <PasswordPage current={oneTimePassword} /> : <FactorPage />}</Suspense>;
  }
  return (
    <>
      <ModelGate />
      <Suspense>{expired ? <SessionExpired userName={session.data.user.userName} onSignedIn={renewed} /> : null}</Suspense>
    </>
  );
}
