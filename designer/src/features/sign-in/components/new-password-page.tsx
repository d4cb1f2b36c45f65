import { Alert, Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { sessionQuery } from '@/api/session';
import { NewPasswordInput } from '@/credentials/new-password-input';
import { shortestPassword } from '@/credentials/password-strength';
import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';
import { ProviderButtons } from './provider-buttons';

interface NewPasswordPageProps {
  kind: 'invitation' | 'password';
  secret: string;
  onSignedIn(): void;
}

function useInvitation({ kind, secret }: NewPasswordPageProps) {
  const api = useApi();
  return useQuery({
    queryKey: ['session', 'invitation', secret],
    enabled: kind === 'invitation',
    retry: false,
    queryFn: async () => (await api.call<{ userName: string; displayName: string }>('POST', '/api/auth/invitation', { body: { secret } })).data,
  });
}

/** Where somebody with a link chooses a password: after an invitation, or because the old one is forgotten. */
export function NewPasswordPage(props: NewPasswordPageProps) {
  const { kind, secret, onSignedIn } = props;
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const invitation = useInvitation(props);
  const [password, setPassword] = useState('');
  const [repeat, setRepeat] = useState('');
  const [submitted, setSubmitted] = useState(false);
  const set = useMutation({
    mutationFn: () => api.call('POST', kind === 'invitation' ? '/api/auth/invitation/accept' : '/api/auth/password/reset', { body: { secret, password } }),
    onSuccess: () => {
      window.history.replaceState(null, '', '/');
      if (kind !== 'invitation') return undefined;
      onSignedIn();
      return queries.invalidateQueries({ queryKey: sessionQuery(api).queryKey, exact: true });
    },
  });
  const short = password.length < shortestPassword ? t('password.short') : undefined;
  const differs = repeat === password ? undefined : t('password.differs');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!short && !differs) set.mutate();
  };
  const error = invitation.error ?? set.error;
  const toggle = { 'aria-label': t('password.show') };
  const title = kind === 'password' ? t('password.title') : invitation.data ? t('identity.welcome', { name: invitation.data.displayName }) : t('identity.invitation');

  return (
    <EntryCard title={title} subtitle={t(kind === 'password' ? 'identity.reset.text' : 'identity.invitation.text')}>
      {set.isSuccess && kind === 'password' ? (
        <div className={styles.form}>
          <Alert color="green" variant="light" p="xs" role="status">
            {t('identity.reset.done')}
          </Alert>
          <Anchor href="/" size="sm">
            {t('signIn.submit')}
          </Anchor>
        </div>
      ) : (
        <form className={styles.form} onSubmit={submit} noValidate>
          {error ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {failureText(t, error)}
            </Alert>
          ) : null}
          {invitation.data ? <TextInput label={t('signIn.userName')} autoComplete="username" readOnly value={invitation.data.userName} /> : null}
          <NewPasswordInput autoFocus userName={invitation.data?.userName ?? ''} value={password} error={submitted ? short : undefined} onChange={setPassword} />
          <PasswordInput label={t('password.repeat')} autoComplete="new-password" visibilityToggleButtonProps={toggle} value={repeat} error={submitted ? differs : undefined} onChange={(event) => setRepeat(event.currentTarget.value)} />
          <Button type="submit" size="sm" fullWidth loading={set.isPending} disabled={invitation.isError}>
            {t('identity.continue')}
          </Button>
          {kind === 'invitation' && !invitation.isError ? <ProviderButtons invitation={secret} disabled={set.isPending} /> : null}
          <Anchor href="/" size="sm">
            {t('identity.home')}
          </Anchor>
        </form>
      )}
    </EntryCard>
  );
}
