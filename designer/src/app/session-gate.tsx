import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '@/api/api-context';
import { sessionQuery } from '@/api/session';
import { PasswordPage } from '@/features/sign-in/components/password-page';
import { SessionExpired } from '@/features/sign-in/components/session-expired';
import { SignInPage } from '@/features/sign-in/components/sign-in-page';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { Splash } from '@/ui/splash';
import { ModelGate } from './model-gate';

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
  if (!session.data) return <SignInPage onSignedIn={setOneTimePassword} />;
  if (session.data.mustChangePassword) return <PasswordPage current={oneTimePassword} />;
  return (
    <>
      <ModelGate />
      <SessionExpired opened={expired} userName={session.data.user.userName} onSignedIn={renewed} />
    </>
  );
}
